//! What a deployment through the install service cannot take along: everything that is read from files on the user's own
//! machine. Only the compose file itself is sent.

use serde::{Deserialize, Serialize};

use crate::{
    compose::{Mount, MountKind, Place, Position, Service, variables, yaml::Node},
    stack::Stack,
};

/// One thing that cannot be sent, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RefusedByCloud))]
pub struct Refused {
    /// Stable: `build`, `relative-mount`, `env-file`, `label-file`, `extends-file`, `include`, `secret-file`,
    /// `config-file`, `secret-environment`, `config-environment`.
    pub code: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// `services.web.volumes[0]`
    pub path: String,
    pub message: String,
    pub how_to_fix: String,
}

/// Everything in the file that cannot be sent, in the order of the text.
///
/// Sources of mounts count with the defaults of their variables, and those with an unknown value are not judged: pass the
/// stack that [`super::filled`] returned to judge all of them.
pub fn what_a_cloud_cannot_carry(stack: &Stack) -> Vec<Refused> {
    let mut judging = Judging { text: stack.text(), refused: Vec::new() };
    for (index, include) in stack.model().includes.iter().enumerate() {
        let fix = "Copy what the file declares into this file.";
        judging.refuse(
            "include",
            include.place,
            format!("include[{index}]"),
            format!("`{}` is another file, which isn't sent to the cloud", include.value),
            fix,
        );
    }
    for service in &stack.model().services {
        judging.service(service, &stack.model().root);
    }
    for (kind, one) in [("secrets", "secret"), ("configs", "config")] {
        for entry in stack.model().root.get(kind).map(Node::entries).unwrap_or_default() {
            judging.granted(kind, one, &entry.key, &entry.value);
        }
    }
    judging.refused.sort_by_key(|refused| (refused.line, refused.column));
    judging.refused
}

struct Judging<'t> {
    text: &'t str,
    refused: Vec<Refused>,
}

impl Judging<'_> {
    fn refuse(&mut self, code: &str, place: Place, path: String, message: String, how_to_fix: &str) {
        let position = Position::of(self.text, place.start);
        self.refused.push(Refused {
            code: code.to_owned(),
            line: position.line,
            column: position.column,
            path,
            message,
            how_to_fix: how_to_fix.to_owned(),
        });
    }

    fn service(&mut self, service: &Service, root: &Node) {
        let name = &service.name;
        let path = |key: &str| format!("services.{name}.{key}");
        if let Some(place) = service.build {
            let fix = match &service.image {
                Some(image) => {
                    format!("Push the image `{}` to a registry, and remove `build`.", image.value.text)
                }
                None => "Push the image to a registry, and name it in `image` instead of `build`.".to_owned(),
            };
            let message =
                format!("service `{name}` is built from source code, which isn't sent to the cloud");
            self.refuse("build", place, path("build"), message, &fix);
        }
        for mount in &service.volumes {
            if let Some(source) = relative_source(mount) {
                let message = format!(
                    "service `{name}` mounts `{source}`, a path on your machine, which isn't sent to the cloud"
                );
                let fix = "Use a named volume for data, and a config with `content` for a file, or name a folder of the \
                           new machine with a path that begins with `/`.";
                let path = path(&format!("volumes[{}]", mount.index));
                self.refuse("relative-mount", mount.place, path, message, fix);
            }
        }
        for (index, file) in service.env_files.iter().enumerate() {
            let message = format!("service `{name}` reads `{}`, which isn't sent to the cloud", file.value);
            let fix = "Write the variables in `environment`, and store their values with the project.";
            self.refuse("env-file", file.place, path(&format!("env_file[{index}]")), message, fix);
        }
        let body = root.at(&["services", name.as_str()]);
        if let Some(file) = body.and_then(|body| body.get("label_file")).filter(|file| !file.is_null()) {
            let message =
                format!("service `{name}` reads its labels from a file, which isn't sent to the cloud");
            self.refuse(
                "label-file",
                file.here(),
                path("label_file"),
                message,
                "Write the labels in `labels`.",
            );
        }
        if let Some(extends) = &service.extends
            && let Some(file) = &extends.file
        {
            let message =
                format!("service `{name}` extends a service of `{file}`, which isn't sent to the cloud");
            let fix = "Copy that service into this file, and remove `file` from `extends`.";
            self.refuse("extends-file", extends.place, path("extends.file"), message, fix);
        }
    }

    fn granted(&mut self, kind: &str, one: &str, name: &str, body: &Node) {
        let fix = match kind {
            "configs" => "Write the text of the file as `content`.",
            _ => "Pass the value as a variable in `environment`, and store it with the project.",
        };
        for (key, what) in [("file", "the file"), ("environment", "the variable")] {
            if let Some(value) = body.get(key).filter(|value| !value.is_null()) {
                let source = value.text().unwrap_or_default();
                let message =
                    format!("{one} `{name}` comes from {what} `{source}`, which isn't sent to the cloud");
                self.refuse(
                    &format!("{one}-{key}"),
                    value.here(),
                    format!("{kind}.{name}.{key}"),
                    message,
                    fix,
                );
            }
        }
    }
}

/// The source of a bind mount that is not an absolute path. `None` for other mounts, and if a variable makes it unknown.
fn relative_source(mount: &Mount) -> Option<String> {
    let source = mount.source.as_deref().filter(|_| mount.kind == MountKind::Bind)?;
    let source = variables::with_defaults(source)?;
    let drive = source.as_bytes().get(1) == Some(&b':');
    (!source.starts_with(['/', '\\']) && !drive).then_some(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Vec<String> {
        let refused = what_a_cloud_cannot_carry(&Stack::read(text));
        refused.iter().map(|one| format!("{}:{} {} {}", one.line, one.column, one.code, one.path)).collect()
    }

    #[test]
    fn everything_that_needs_files_is_refused_at_its_place() {
        let text = "include:\n  - other.yml\nservices:\n  web:\n    build: .\n    image: acme/web\n    env_file:\n      - path: .env\n    \
                    label_file: labels\n    volumes:\n      - ./x:/y\n      - ~/z:/z\n      - type: bind\n        source: conf\n        target: /c\n    \
                    extends:\n      file: base.yml\n      service: web\nsecrets:\n  a:\n    file: ./a.txt\n  b:\n    environment: B\n\
                    configs:\n  c:\n    file: /etc/c\n";
        assert_eq!(
            refused(text),
            [
                "2:5 include include[0]",
                "5:12 build services.web.build",
                "8:9 env-file services.web.env_file[0]",
                "9:17 label-file services.web.label_file",
                "11:9 relative-mount services.web.volumes[0]",
                "12:9 relative-mount services.web.volumes[1]",
                "13:9 relative-mount services.web.volumes[2]",
                "17:7 extends-file services.web.extends.file",
                "21:11 secret-file secrets.a.file",
                "23:18 secret-environment secrets.b.environment",
                "26:11 config-file configs.c.file",
            ]
        );
    }

    #[test]
    fn what_the_new_machine_has_itself_is_carried() {
        let text = "services:\n  web:\n    image: nginx\n    extends: base\n    volumes:\n      - data:/d\n      - /var/run/docker.sock:/s\n      \
                    - /root/project/web:/w\n      - ${DIR}:/dir\n      - ${DIR:-/srv}:/srv\n  base:\n    image: nginx\nvolumes:\n  data:\nconfigs:\n  c:\n    \
                    content: x\n";
        assert_eq!(refused(text), [""; 0]);
    }

    #[test]
    fn a_default_that_is_relative_is_refused() {
        let text = "services:\n  web:\n    image: nginx\n    volumes:\n      - ${DIR:-./data}:/d\n";
        assert_eq!(refused(text), ["5:9 relative-mount services.web.volumes[0]"]);
    }

    #[test]
    fn the_way_out_names_the_image_where_there_is_one() {
        let text = "services:\n  web:\n    build: .\n    image: acme/web:1\n";
        let refused = what_a_cloud_cannot_carry(&Stack::read(text));
        assert_eq!(refused[0].how_to_fix, "Push the image `acme/web:1` to a registry, and remove `build`.");
    }
}
