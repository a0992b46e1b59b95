//! What the User Service stores beside people: categories and stacks.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// A category of templates.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Category {
    #[serde(rename = "_id")]
    pub id: i32,
    pub name: String,
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub priority: Option<i64>,
}

/// A stack that somebody has made from a template.
#[derive(Clone, Debug, PartialEq)]
pub struct NewStack {
    pub name: String,
    pub template_id: Uuid,
    pub template_version: String,
    pub stack_definition: Value,
    pub user_id: String,
}

/// The body of the request.
#[derive(Serialize)]
pub(super) struct StackBody<'a> {
    name: &'a str,
    marketplace_template_id: Uuid,
    is_from_marketplace: bool,
    template_version: &'a str,
    stack_definition: &'a Value,
    user_id: &'a str,
}

impl<'a> From<&'a NewStack> for StackBody<'a> {
    fn from(stack: &'a NewStack) -> Self {
        Self {
            name: &stack.name,
            marketplace_template_id: stack.template_id,
            is_from_marketplace: true,
            template_version: &stack.template_version,
            stack_definition: &stack.stack_definition,
            user_id: &stack.user_id,
        }
    }
}

/// A stack as the User Service stores it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RemoteStack {
    #[serde(alias = "_id")]
    pub id: i64,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub user_id: Option<String>,
    #[serde(default)]
    pub marketplace_template_id: Option<Uuid>,
    #[serde(default)]
    pub template_version: Option<String>,
}
