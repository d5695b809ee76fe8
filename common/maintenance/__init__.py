"""What all jobs that keep the data in order share: params, pages, deletion, guard, report."""
