//! Where the limits of a service are written: below `deploy` if the file does that, otherwise in the short keys.

use domain::stack::{Edit, Stack};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    Memory,
    Cpus,
}

/// The edit that sets a limit, or removes it if the text is empty.
pub fn edit(stack: &Stack, service: &str, limit: Limit, text: &str) -> Option<Edit> {
    let (short, long) = match limit {
        Limit::Memory => ("mem_limit", "memory"),
        Limit::Cpus => ("cpus", "cpus"),
    };
    let short = ["services", service, short].map(str::to_owned).to_vec();
    let long = ["services", service, "deploy", "resources", "limits", long].map(str::to_owned).to_vec();
    let is_there = |path: &[String]| stack.model().root.at(path).is_some();
    // `deploy` takes precedence in compose, so a limit there is the one that counts.
    let path = if is_there(&long) || (is_there(&long[..4]) && !is_there(&short)) { long } else { short };
    match (text.trim(), is_there(&path)) {
        ("", true) => Some(Edit::RemoveKey { path }),
        ("", false) => None,
        (text, _) => Some(Edit::SetKey { path, value: text.into() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(file: &str, limit: Limit, text: &str) -> String {
        let stack = Stack::read(file);
        let edits: Vec<Edit> = edit(&stack, "web", limit, text).into_iter().collect();
        stack.apply_all(&edits).unwrap().text().to_owned()
    }

    #[test]
    fn a_limit_is_written_where_the_file_has_its_limits() {
        let plain = "services:\n  web:\n    image: a:1\n";
        assert!(after(plain, Limit::Memory, "512m").ends_with("    mem_limit: 512m\n"));
        assert!(after(plain, Limit::Cpus, "1.5").ends_with("    cpus: \"1.5\"\n"));
        let deploy = "services:\n  web:\n    image: a:1\n    deploy:\n      resources:\n        limits:\n          memory: 1g\n";
        assert_eq!(after(deploy, Limit::Memory, "2g"), deploy.replace("1g", "2g"));
        assert!(after(deploy, Limit::Cpus, "2").ends_with("          cpus: \"2\"\n"));
    }

    #[test]
    fn an_empty_field_removes_the_limit() {
        let plain = "services:\n  web:\n    image: a:1\n    mem_limit: 1g\n";
        assert_eq!(after(plain, Limit::Memory, ""), "services:\n  web:\n    image: a:1\n");
        assert_eq!(after(plain, Limit::Cpus, ""), plain);
    }
}
