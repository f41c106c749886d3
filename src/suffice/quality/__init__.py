"""How good the annotation is: agreement of annotators, and reconciling them to a gold corpus."""
