//! The local operator: the person at this machine, who signs in by one-time link if no provider is configured.

use domain::access::{Caller, Role};

/// The caller that one-time links and `console token new` act as. No provider can give this id to a user.
pub fn local_operator() -> Caller {
    Caller::new("local", Role::GroupAdmin, "Local operator", None)
}
