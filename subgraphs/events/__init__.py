"""Events: things people come to, where they are held and who comes."""
