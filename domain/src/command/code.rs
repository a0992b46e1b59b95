//! Words in reports and progress lines that several crates interpret. They are part of the wire format.

/// The host has changed since the plan was made. Nothing was done, and the report contains the current plan.
pub const PLAN_STALE: &str = "plan-stale";

/// The step of a deployment that goes back to the last good revision.
pub const STEP_RETURN: &str = "return";
