//! Named volumes that a service mounts without a declaration.

use serde_json::Value;

use super::rule::{CheckInput, Rule, names};
use crate::{compose::MountKind, finding::Severity, stack::Edit};

pub const RULE: Rule = Rule { codes: &["volume-unknown"], look };

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    if input.is_open() {
        return;
    }
    let declared = names(&model.volumes);
    for service in &model.services {
        for mount in service.volumes.iter().filter(|mount| mount.kind == MountKind::Volume) {
            let Some(name) = mount.source.as_deref() else { continue };
            // The variable may contain a path.
            if name.is_empty() || name.contains('$') || declared.contains(name) {
                continue;
            }
            let guess = input.guess(name, model.volumes.iter().map(|one| one.name.as_str()));
            let message = format!(
                "`{}` mounts the volume `{name}`, which is not declared under `volumes`: compose refuses the \
                 file.{guess} Declare it, or write `./{name}` for a folder beside the file.",
                service.name
            );
            let edit = Edit::SetKey { path: vec!["volumes".to_owned(), name.to_owned()], value: Value::Null };
            let finding = input
                .finding("volume-unknown", Severity::Error, mount.place, message)
                .with_fix(format!("Declare the volume {name}"), edit);
            input.add(finding.of_service(&service.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, marked, none, one};

    const CODE: &str = "volume-unknown";

    #[test]
    fn an_undeclared_volume_is_named_and_can_be_declared() {
        let text = "services:\n  db:\n    image: a:1\n    volumes:\n      - data:/var/lib/data\n";
        assert_eq!(marked(text, &one(text, CODE)), "data:/var/lib/data");
        assert!(fixed(text, CODE).contains("\nvolumes:\n  data:"));
    }

    #[test]
    fn paths_anonymous_volumes_and_variables_need_no_declaration() {
        for source in ["./data:/d", "/data", "~/data:/d", "${DATA}:/d"] {
            none(&format!("services:\n  db:\n    image: a:1\n    volumes:\n      - {source}\n"), CODE);
        }
    }
}
