//! Services without a setting that their image cannot start without, such as the password of a database. The catalogue
//! knows which settings these are.

use crate::{
    catalog::{Requirement, Requires, requires},
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    compose::{Command, ImageReference, Service, Variable},
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::runtime("setting-required")], look };

fn look(input: &mut CheckInput<'_>) {
    for service in &input.model.services {
        let Some(image) = &service.image else { continue };
        let Some((app, requires)) = requires(&image.value) else { continue };
        if !is_proven(input, service, &image.value, requires) {
            continue;
        }
        for setting in &requires.settings {
            if !is_needed(service, setting) || is_set(service, setting) {
                continue;
            }
            let name = &setting.set;
            let message = format!(
                "`{}` can't start without `{name}`: {}. {}",
                service.name,
                setting.why,
                ways(setting)
            );
            let edit = Edit::SetEnvironment {
                service: service.name.clone(),
                key: name.clone(),
                // A reference, because a literal value would be readable in the file.
                value: Some(format!("${{{name}}}")),
            };
            let finding = input
                .finding("setting-required", Severity::Error, image.place, message)
                .with_fix(format!("Set `{name}` for {app} from `.env`"), edit);
            input.add(finding.of_service(&service.name));
        }
    }
}

/// Whether the file shows all variables of the container, and that its image looks at them.
fn is_proven(input: &CheckInput<'_>, service: &Service, image: &ImageReference, requires: &Requires) -> bool {
    let elsewhere = !service.env_files.is_empty()
        || service.extends.is_some()
        || service.build.is_some()
        || service.entrypoint.is_some();
    // Data that exists already needs no first password.
    let external = |name: &str| input.model.volume(name).is_some_and(|volume| volume.external);
    let data_exists = service.volumes.iter().any(|mount| mount.source.as_deref().is_some_and(external));
    let version = image.tag.as_deref().and_then(major_version);
    let old = version.is_some_and(|version| version < requires.since);
    !elsewhere && !data_exists && !old && starts_the_program(service, requires)
}

/// The images look at their settings only when they start the program they are made for.
fn starts_the_program(service: &Service, requires: &Requires) -> bool {
    let first = match service.command.as_ref().map(|command| &command.value) {
        None => return true,
        Some(Command::Line(line)) => line.split_whitespace().next(),
        Some(Command::Words(words)) => words.first().map(String::as_str),
    };
    first.is_none_or(|word| {
        word.starts_with('-') && !requires.programs.is_empty()
            || requires.programs.iter().any(|program| program == word)
    })
}

fn major_version(tag: &str) -> Option<u32> {
    let digits = tag.trim_start_matches('v');
    digits[..digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len())].parse().ok()
}

fn is_needed(service: &Service, setting: &Requirement) -> bool {
    setting.when.is_empty() || setting.when.iter().any(|key| has(service, key))
}

fn is_set(service: &Service, setting: &Requirement) -> bool {
    has(service, &setting.set) || setting.or.iter().any(|way| has(service, way))
}

/// Whether a variable, or a variable with one value (`NAME=value`), is set. Values from outside count.
fn has(service: &Service, way: &str) -> bool {
    let (key, wanted) = way.split_once('=').map_or((way, None), |(key, value)| (key, Some(value)));
    let holds = |variable: &Variable| {
        variable.key == key
            && variable.value.as_deref().is_none_or(|value| {
                !value.is_empty() && wanted.is_none_or(|wanted| value == wanted || value.contains('$'))
            })
    };
    service.environment.iter().any(holds)
}

fn ways(setting: &Requirement) -> String {
    let names: Vec<String> =
        [&setting.set].into_iter().chain(&setting.or).take(3).map(|way| format!("`{way}`")).collect();
    match names.split_last() {
        Some((last, [])) => format!("Set {last}."),
        Some((last, before)) => format!("Set {} or {last}.", before.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{
        Basis, Severity,
        testing::{all, fixed, marked, none, one},
    };

    const CODE: &str = "setting-required";

    fn stack(image: &str, rest: &str) -> String {
        format!("services:\n  db:\n    image: {image}\n{rest}")
    }

    #[test]
    fn a_database_without_a_password_does_not_start() {
        for image in [
            "postgres:17",
            "postgres",
            "docker.io/library/postgres:16-alpine",
            "pgvector/pgvector:pg17",
            "mysql:8.4",
            "mariadb:11.4",
        ] {
            let text = stack(image, "");
            let finding = one(&text, CODE);
            assert_eq!((finding.severity, finding.basis), (Severity::Error, Basis::Runtime));
            assert_eq!(marked(&text, &finding), image);
        }
    }

    #[test]
    fn the_fix_refers_to_a_variable_and_never_writes_a_value() {
        let after = fixed(&stack("postgres:17", ""), CODE);
        assert!(after.contains("POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}"), "{after}");
    }

    #[test]
    fn every_way_to_set_it_is_enough() {
        for line in [
            "POSTGRES_PASSWORD: secret",
            "POSTGRES_PASSWORD: ${DB_PASSWORD}",
            "POSTGRES_PASSWORD:",
            "POSTGRES_PASSWORD_FILE: /run/secrets/db",
            "POSTGRES_HOST_AUTH_METHOD: trust",
        ] {
            none(&stack("postgres:17", &format!("    environment:\n      {line}\n")), CODE);
        }
        for line in ["POSTGRES_PASSWORD: \"\"", "POSTGRES_HOST_AUTH_METHOD: md5"] {
            one(&stack("postgres:17", &format!("    environment:\n      {line}\n")), CODE);
        }
        none(&stack("mysql:8.4", "    environment: [MYSQL_RANDOM_ROOT_PASSWORD=yes]\n"), CODE);
        none(&stack("mariadb:11", "    environment:\n      MYSQL_ROOT_PASSWORD: secret\n"), CODE);
    }

    #[test]
    fn half_a_login_is_named_whichever_half_is_there() {
        let half = |key: &str| stack("mongo:8.0", &format!("    environment:\n      {key}: root\n"));
        assert!(
            one(&half("MONGO_INITDB_ROOT_USERNAME"), CODE).message.contains("MONGO_INITDB_ROOT_PASSWORD")
        );
        assert!(
            one(&half("MONGO_INITDB_ROOT_PASSWORD"), CODE).message.contains("MONGO_INITDB_ROOT_USERNAME")
        );
        none(&stack("mongo:8.0", ""), CODE);
    }

    #[test]
    fn settings_that_may_come_from_elsewhere_are_not_missed() {
        for rest in [
            "    env_file: .env\n",
            "    build: .\n",
            "    entrypoint: [\"/bin/sh\"]\n",
            "    command: pg_dump -h other\n",
            "    extends: {file: base.yml, service: db}\n",
            "    volumes: [old:/var/lib/postgresql/data]\nvolumes:\n  old: {external: true}\n",
        ] {
            none(&stack("postgres:17", rest), CODE);
        }
        for rest in
            ["    command: postgres -c max_connections=200\n", "    command: [-c, shared_buffers=1GB]\n"]
        {
            one(&stack("postgres:17", rest), CODE);
        }
        none(&stack("registry.example.com/postgres:17", ""), CODE);
        none(&stack("ghost:4", ""), CODE);
    }

    #[test]
    fn other_apps_of_the_catalogue_have_required_settings_too() {
        for (image, count) in [
            ("dpage/pgadmin4:9.8", 2),
            ("ghcr.io/umami-software/umami:postgresql-v2.15.1", 1),
            ("ghost:6-alpine", 1),
        ] {
            assert_eq!(all(&stack(image, ""), CODE).len(), count, "{image}");
        }
    }
}
