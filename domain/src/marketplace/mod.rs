//! The marketplace: what a template asks of the person who deploys it, and what the User Service is told about it.
//!
//! - [`Plan`], [`Plans`]: what plan a person has, and how plans compare
//! - [`Profile`], [`Product`]: what the User Service says about a person
//! - [`Requirement`], [`Lacking`]: what a template asks for, and what is missing
//! - [`Webhook`]: the body that announces a reviewer's decision

mod plan;
mod product;
mod profile;
mod requirement;
mod webhook;

pub use plan::{Plan, PlanDescription, Plans};
pub use product::Product;
pub use profile::{PlanHeld, Profile};
pub use requirement::{Lacking, Requirement};
pub use webhook::{Listing, Webhook};

use serde_json::Value;

/// Text, or a number as text. Ids and codes come in both forms. Empty text counts as absent.
fn text_or_number(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The entries of a list, which is an array or the `_items` of an object.
fn entries(body: &Value) -> Option<&[Value]> {
    body.as_array().or_else(|| body.get("_items")?.as_array()).map(Vec::as_slice)
}
