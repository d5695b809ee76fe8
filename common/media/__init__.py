"""Pictures, sound and film, for the jobs that make them.

ffmpeg  the one way that it is run; where it is, and how it fails
probe   what a file holds, by reading all of it
survey  what any file that ffmpeg reads holds; `mp4` reads the boxes of an MP4, and joins many
inputs  how ffmpeg is given a file of somebody else's
crew    several ffmpegs side by side
poster  a picture out of a film
font    the shipped font; `ass` sets text in it over film, `words` makes what users typed drawable,
        `lines` breaks them
looks   chance, easing and colours, for whatever is drawn
kept    a finished file as a blob, and as results tell of it
"""
