"""Media: pictures, videos, documents and sound that people upload, and what is made of them."""
