"""Pictures, sound and film, for the jobs that make them.

ffmpeg  the one way that it is run; where it is, and how it fails
probe   what a file holds, by reading all of it
poster  a picture out of a film
font    the shipped font; `ass` sets text in it over film, `words` makes what users typed drawable
kept    a finished file as a blob, and as results tell of it
"""
