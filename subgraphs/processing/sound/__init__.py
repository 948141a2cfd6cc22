"""From a file that somebody uploaded to HLS, with FFmpeg. No store, no database: folders in, folders out.

sniff        which of four containers it is, by its first bytes, and whether it is whole
ffmpeg       runs FFmpeg with nothing but that file, for so long, and says how far it is
measure      how long and how loud it is, and its waveform
transcode    the playlists and segments
faults       why a file is refused, for the person who uploaded it
"""
