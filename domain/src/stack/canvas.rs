//! What belongs to a stack but a compose file cannot express. It is stored beside the text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::reporting::Settings;

/// In canvas units (CSS pixels at 100 %), 20 to a grid cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Point {
    pub x: i32,
    pub y: i32,
}

/// All maps are by service name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Canvas {
    pub positions: BTreeMap<String, Point>,
    /// The code of the catalogue app that the service was created from.
    pub apps: BTreeMap<String, String>,
    pub notes: BTreeMap<String, String>,
    /// What the rules report about the stack.
    #[serde(skip_serializing_if = "is_default")]
    pub checks: Settings,
}

fn is_default(settings: &Settings) -> bool {
    *settings == Settings::default()
}
