"""What an operation costs: estimated before it runs, counted from its answer.

    costs      supergraph → weights and list sizes, as @cost and @listSize say
    amount     a number, or a program that makes one of a request's variables
    arguments  what is given to a field → its amount
    sizes      a list → how long it is taken to be
    estimate   operation → its amount, worked out when it is prepared
    actual     operation → what its answer cost
    check      amounts against what is allowed

The cost directives specification (IBM) counts types and fields apart; here, as in Apollo Router, one number
is their sum: an object costs 1 for each time it is answered, a scalar or enum nothing, a mutation 10 more,
and a weight on a field or type takes the place of that.
"""
