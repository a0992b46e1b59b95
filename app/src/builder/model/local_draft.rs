//! Text that is stored in this browser and not on the server.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalDraft {
    pub text: String,
    /// What the server had when the draft was written. Drafts of earlier releases do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Base>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    pub version: i32,
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_of_an_earlier_release_is_still_found() {
        let draft: LocalDraft = serde_json::from_str(r#"{"text": "a: 1"}"#).unwrap();
        assert_eq!(draft, LocalDraft { text: "a: 1".to_owned(), base: None });
    }
}
