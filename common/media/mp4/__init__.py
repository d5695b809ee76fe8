"""MP4 files by their boxes: what is in them, whether they agree, and many made into one.

boxes      the boxes of a file, read and written
tables     what a track's samples are: how long, how large, where
track      one track of a file, as its boxes say
film       a whole file
agreement  whether films can follow one another as they are
lanes      samples of many films in one row, the picture's or the sound's
head       all that stands before the samples
reel       the film that is made of them, as a stream that is never on the disk

Why not ffmpeg: `-f concat -c copy` warns of films that do not agree, and then writes a film that no
player shows; to look at each needs one process a film; and it writes a file, which has to be read
again to be a blob. ISO/IEC 14496-12 is what all of this is about.
"""
