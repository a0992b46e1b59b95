//! Reads the agent's journal, and writes one as a killed agent would leave it.

use std::{os::unix::fs::PermissionsExt, path::Path};

use serde_json::Value;

use crate::stand_in::Server;

impl Server {
    pub fn journal(&self, command_id: &str) -> Option<Value> {
        let text =
            std::fs::read_to_string(self.data().join("journal").join(format!("{command_id}.json"))).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Writes an entry as a killed agent would leave it.
    pub fn write_journal(&self, command_id: &str, entry: &Value) {
        std::fs::create_dir_all(self.data().join("journal")).unwrap();
        std::fs::write(self.data().join("journal").join(format!("{command_id}.json")), entry.to_string())
            .unwrap();
    }
}

/// Whether only the owner can read the file.
pub fn is_private(path: &Path) -> bool {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777 == 0o600
}
