"""Google Cloud on a laptop: as much of it as runs jobs, for Google's own clients.

One table of calls (`Rpc`) is spoken in two ways: JSON over HTTP (rest.py) and gRPC (grpc.py). What
the calls do is a file or a folder for each of Google's services; what they make is kept in the
documents store, as the JSON that Google's APIs show of it.
"""
