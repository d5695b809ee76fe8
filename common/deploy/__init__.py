"""What the declarations say is to be in Google Cloud, and bringing it about.

wanted   a resource as it shall be: only the fields that follow from declarations and settings
found    the resource as the API tells it, with all that others or the platform put there
change   a field in which the two differ; what is not wanted of a field is left as it is
step     what is to be done about one resource: create, update, delete, or nothing
plan     all steps, in the order in which they can be done
mark     how a resource says that it is ours; what does not say so is never touched
"""
