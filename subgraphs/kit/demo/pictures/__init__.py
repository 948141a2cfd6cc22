"""The pictures of the demo world: drawn here, kept in the S3 store, nothing fetched from anywhere.

    book     which pictures the world uses and what they are called
    draw     name → WebP bytes
    scenes   landscapes and still lifes, one function each      portraits   faces and covers

A name says all that is in a picture (`post-images/demo/hiking-2.webp`), so drawing it again gives it again.
"""
