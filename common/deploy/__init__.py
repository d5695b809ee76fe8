"""Cloud Run jobs, queues, schedules and the dispatcher, made from the declarations alone."""
