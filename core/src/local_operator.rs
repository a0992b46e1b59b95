//! The local operator: the person at this machine, who signs in by one-time link where no provider is configured.

use domain::access::{Caller, Role};

/// Who a one-time link and `console token new` stand for. No provider can give anybody this id.
pub fn local_operator() -> Caller {
    Caller::new("local", Role::GroupAdmin, "Local operator", None)
}
