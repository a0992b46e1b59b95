//! What removing services took along, in one line.

use domain::{compose::Resource, stack::Stack};

/// What went with the removed services; `None` if nothing but their own lines and the entries that name them.
pub fn report(before: &Stack, after: &Stack) -> Option<String> {
    let gone: Vec<&str> = before
        .model()
        .services
        .iter()
        .map(|service| service.name.as_str())
        .filter(|name| after.model().service(name).is_none())
        .collect();
    let mut parts = Vec::new();
    for service in &before.model().services {
        let Some(rest) = after.model().service(&service.name) else { continue };
        let changed = service
            .environment
            .iter()
            .filter(|variable| rest.variable(&variable.key).is_none_or(|kept| kept.value != variable.value));
        match changed.count() {
            0 => {}
            1 => parts.push(format!("1 variable of `{}`", service.name)),
            count => parts.push(format!("{count} variables of `{}`", service.name)),
        }
    }
    let missing = |were: &[Resource], are: &[Resource]| {
        let names = were.iter().map(|one| one.name.clone());
        names.filter(|name| are.iter().all(|other| other.name != *name)).collect::<Vec<_>>()
    };
    let networks = missing(&before.model().networks, &after.model().networks);
    let volumes = missing(&before.model().volumes, &after.model().volumes);
    parts.extend(networks.iter().map(|name| format!("the network `{name}`")));
    parts.extend(volumes.iter().map(|name| format!("the volume `{name}` from the file")));
    if gone.is_empty() || parts.is_empty() {
        return None;
    }
    let data = if volumes.is_empty() { "" } else { " Its data is not touched." };
    let names = gone.iter().map(|name| format!("`{name}`")).collect();
    Some(format!("Removed {}, and with it {}.{data}", listed(names), listed(parts)))
}

/// `a, b and c`
fn listed(parts: Vec<String>) -> String {
    match parts.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => parts.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_along_is_one_sentence() {
        let text = "services:\n  blog:\n    image: a:1\n    environment: {A: x, B: x, C: x}\n    networks: [default, back]\n  db:\n    image: b:1\nnetworks:\n  back:\nvolumes:\n  data:\n";
        let after = "services:\n  blog:\n    image: a:1\n    environment: {A: x, B: y}\n";
        assert_eq!(
            report(&Stack::read(text), &Stack::read(after)).as_deref(),
            Some(
                "Removed `db`, and with it 2 variables of `blog`, the network `back` and the volume `data` from the file. Its data is not touched."
            )
        );
    }

    #[test]
    fn a_service_that_goes_alone_needs_no_report() {
        let with = "services:\n  a:\n    image: x\n  b:\n    image: y\n    depends_on: [a]\n";
        let without = "services:\n  b:\n    image: y\n";
        assert_eq!(report(&Stack::read(with), &Stack::read(without)), None);
    }
}
