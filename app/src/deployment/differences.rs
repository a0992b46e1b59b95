//! Which services of a stack differ from the deployed revision. Pure.

use domain::{compose::Service, stack::Stack};

/// The names of services that were added, removed or changed; `None` stands for a change elsewhere in the file.
pub fn differences(now: &Stack, deployed: &Stack) -> Vec<Option<String>> {
    if now.text() == deployed.text() {
        return Vec::new();
    }
    let (ours, theirs) = (&now.model().services, &deployed.model().services);
    let mut all: Vec<Option<String>> = Vec::new();
    for service in ours {
        let other = theirs.iter().find(|other| other.name == service.name);
        if other.is_none_or(|other| written(now, service) != written(deployed, other)) {
            all.push(Some(service.name.clone()));
        }
    }
    let gone = theirs.iter().filter(|other| ours.iter().all(|service| service.name != other.name));
    all.extend(gone.map(|service| Some(service.name.clone())));
    if around(now) != around(deployed) {
        all.push(None);
    }
    all
}

/// The lines of a service without indentation, comments and blank lines.
fn written(stack: &Stack, service: &Service) -> Vec<String> {
    lines(stack.text().get(service.place.start..service.place.end).unwrap_or_default())
}

/// The rest of the file: volumes, networks and other top-level keys.
fn around(stack: &Stack) -> Vec<String> {
    let mut rest = String::new();
    let mut from = 0;
    for service in &stack.model().services {
        rest.push_str(stack.text().get(from..service.key.start).unwrap_or_default());
        from = service.place.end.max(from);
    }
    rest.push_str(stack.text().get(from..).unwrap_or_default());
    lines(&rest)
}

fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEPLOYED: &str = "services:\n  web:\n    image: nginx:1.26\n  db:\n    image: postgres:17\n";

    fn differing(now: &str) -> Vec<Option<String>> {
        differences(&Stack::read(now), &Stack::read(DEPLOYED))
    }

    #[test]
    fn a_changed_comment_is_not_a_difference() {
        assert_eq!(differing(DEPLOYED), Vec::<Option<String>>::new());
        assert_eq!(differing(&format!("# shop\n{DEPLOYED}")), Vec::<Option<String>>::new());
    }

    #[test]
    fn services_that_differ_are_named() {
        let now =
            "services:\n  web:\n    image: nginx:1.27\n  cache:\n    image: redis:7\nvolumes:\n  data:\n";
        let named = |name: &str| Some(name.to_owned());
        assert_eq!(differing(now), [named("web"), named("cache"), named("db"), None]);
    }
}
