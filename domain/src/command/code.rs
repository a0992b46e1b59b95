//! Words in reports and progress lines that more than one crate acts on. They are part of the wire format.

/// The host has changed since the plan was made: nothing was done, and the report brings the plan as it is now.
pub const PLAN_STALE: &str = "plan-stale";

/// The step of a deployment that goes back to the last good revision.
pub const STEP_RETURN: &str = "return";
