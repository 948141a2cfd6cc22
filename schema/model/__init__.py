"""What a schema is made of: definitions, type references, values, field sets; folding and printing them."""
