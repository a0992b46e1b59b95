//! Volumes and folders that several services write to.

use std::collections::HashMap;

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule, run_together},
    },
    compose::{Condition, Mount, MountKind, Service, variables::with_defaults},
    finding::Severity,
    rights::{exposure, leads_to_socket},
};

pub const RULE: Rule = Rule { codes: &[Code::advice("volume-shared").strict()], look };

/// The maximum number of services that are compared with each other.
const MOST_WRITERS: usize = 20;

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    let mut writers: HashMap<String, Vec<&Service>> = HashMap::new();
    for service in &model.services {
        for mount in &service.volumes {
            if input.is_full() {
                return;
            }
            let Some(what) = written(mount) else { continue };
            let known = writers.entry(what.clone()).or_default();
            match known.iter().find(|other| conflict(other, service)) {
                Some(other) => {
                    let message = format!(
                        "`{}` and `{}` both write to `{what}`. Unless the programs are made for that, mount it with `:ro` in one of them.",
                        other.name, service.name
                    );
                    let finding = input.finding("volume-shared", Severity::Hint, mount.place, message);
                    input.add(finding.of_service(&service.name));
                }
                None if known.len() < MOST_WRITERS => known.push(service),
                None => {}
            }
        }
    }
}

/// The volume or the folder that the service can write to. Single files, and what belongs to the host, do not count.
fn written(mount: &Mount) -> Option<String> {
    if mount.read_only {
        return None;
    }
    if mount.kind == MountKind::Volume {
        return mount.volume_name();
    }
    let source = with_defaults(mount.source.as_deref().filter(|_| mount.kind == MountKind::Bind)?)?;
    let source = source.trim_end_matches('/');
    let last = source.rsplit('/').next().unwrap_or_default();
    let is_file = last.trim_start_matches('.').contains('.');
    let of_host = leads_to_socket(source) || exposure(source, false).is_some() || source.starts_with("/dev/");
    (!is_file && !of_host && !source.starts_with("/etc/") && !source.is_empty()).then(|| source.to_owned())
}

/// Whether both can write at the same time. Services with the same image are parts of one program.
fn conflict(a: &Service, b: &Service) -> bool {
    let waits = |a: &Service, b: &Service| {
        a.depends_on(&b.name).is_some_and(|dependency| dependency.condition == Condition::Completed)
    };
    let image = |service: &Service| service.image.as_ref().map(|image| image.value.repository.clone());
    let is_same_program =
        (image(a).is_some() && image(a) == image(b)) || (a.build.is_some() && b.build.is_some());
    a.name != b.name && !is_same_program && !waits(a, b) && !waits(b, a) && run_together(a, b)
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{marked, none, one};

    const CODE: &str = "volume-shared";

    fn stack(a: &str, b: &str) -> String {
        format!("services:\n  a:\n    image: a:1\n{a}  b:\n    image: b:1\n{b}volumes:\n  data:\n")
    }

    #[test]
    fn two_writers_are_found() {
        let text = stack("    volumes: [\"data:/x\"]\n", "    volumes: [\"data:/y\"]\n");
        let finding = one(&text, CODE);
        assert_eq!((marked(&text, &finding), finding.service.as_deref()), ("\"data:/y\"", Some("b")));
        one(&stack("    volumes: [\"./data:/x\"]\n", "    volumes: [\"./data/:/y\"]\n"), CODE);
    }

    #[test]
    fn readers_and_services_that_never_meet_are_fine() {
        let writes = "    volumes: [\"data:/x\"]\n";
        none(&stack(writes, "    volumes: [\"data:/x:ro\"]\n"), CODE);
        none(
            &stack(&format!("{writes}    profiles: [one]\n"), &format!("{writes}    profiles: [two]\n")),
            CODE,
        );
        none(
            &stack(
                writes,
                &format!("{writes}    depends_on: {{a: {{condition: service_completed_successfully}}}}\n"),
            ),
            CODE,
        );
        none(
            "services:\n  a:\n    image: x:1\n    volumes: [\"data:/x\"]\n  b:\n    image: x:2\n    volumes: [\"data:/x\"]\nvolumes:\n  data:\n",
            CODE,
        );
        none(&stack("    volumes: [\"./a.conf:/x\"]\n", "    volumes: [\"./a.conf:/x\"]\n"), CODE);
    }
}
