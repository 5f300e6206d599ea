"""The demo story: children in every state of the referral, made through the same actions people use."""
