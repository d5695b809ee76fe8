"""Videos by providers that UseAPI.net asks on our behalf, with accounts of ours."""
