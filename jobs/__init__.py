"""What each job does: one file, or one folder where a job has parts."""
