//! Image references: `[registry[:port]/]path[:tag][@digest]`
//! (<https://github.com/distribution/reference>, `reference.go`).

/// An image reference in a compose file. The text stays unchanged, even if it contains variables or cannot be parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageReference {
    /// The reference as written.
    pub text: String,
    /// The host of the registry with its port, if the reference names one.
    pub registry: Option<String>,
    /// Everything between the registry and the tag.
    pub repository: String,
    pub tag: Option<String>,
    /// The digest with its algorithm: `sha256:…`.
    pub digest: Option<String>,
}

impl ImageReference {
    /// Reads a reference. It never fails: anything that does not fit the grammar ends up in `repository`.
    /// [`Self::problem`] tells whether the reference is valid.
    pub fn read(text: &str) -> Self {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest.to_owned())),
            None => (text, None),
        };
        let last_slash = slash_outside_variables(rest, true);
        let name_start = last_slash.map_or(0, |at| at + 1);
        let (name, tag) = match colon_outside_variables(&rest[name_start..]) {
            Some(at) => (&rest[..name_start + at], Some(rest[name_start + at + 1..].to_owned())),
            None => (rest, None),
        };
        let (registry, repository) = match slash_outside_variables(name, false) {
            Some(at) if is_registry(&name[..at]) => (Some(name[..at].to_owned()), name[at + 1..].to_owned()),
            _ => (None, name.to_owned()),
        };
        Self { text: text.to_owned(), registry, repository, tag, digest }
    }

    /// The last part of the path, which people use as the name of the image.
    pub fn short_name(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or(&self.repository)
    }

    /// Whether the reference will mean the same image tomorrow, assuming that tags other than `latest` are not moved.
    pub fn is_pinned(&self) -> bool {
        self.digest.is_some() || self.tag.as_deref().is_some_and(|tag| tag != "latest")
    }

    /// What is wrong with the reference, in words. `None` if it is valid or contains variables.
    pub fn problem(&self) -> Option<String> {
        if self.text.contains('$') {
            return None;
        }
        if self.text.trim().is_empty() {
            return Some("the image is empty".to_owned());
        }
        let valid_path = !self.repository.is_empty()
            && self.repository.split('/').all(|part| {
                !part.is_empty()
                    && part.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
                    && part
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-'))
            });
        if !valid_path {
            return Some(format!(
                "`{}` isn't a valid image name: use lower-case letters, digits, `.`, `_`, `-` and `/`",
                self.text
            ));
        }
        if let Some(tag) = &self.tag {
            let first = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let rest = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
            if tag.is_empty() || tag.len() > 128 || !tag.starts_with(first) || !tag.chars().all(rest) {
                return Some(format!("`{tag}` isn't a valid tag"));
            }
        }
        if let Some(digest) = &self.digest
            && !digest
                .split_once(':')
                .is_some_and(|(_, hex)| hex.len() >= 32 && hex.chars().all(|c| c.is_ascii_hexdigit()))
        {
            return Some(format!("`{digest}` isn't a valid digest"));
        }
        None
    }

    /// The same image with another tag and without a digest.
    pub fn with_tag(&self, tag: &str) -> Self {
        let mut name = String::new();
        if let Some(registry) = &self.registry {
            name.push_str(registry);
            name.push('/');
        }
        name.push_str(&self.repository);
        if !tag.is_empty() {
            name.push(':');
            name.push_str(tag);
        }
        Self::read(&name)
    }
}

fn is_registry(part: &str) -> bool {
    part.contains('.') || part.contains(':') || part == "localhost"
}

fn slash_outside_variables(text: &str, last: bool) -> Option<usize> {
    let mut found = outside_variables(text, '/');
    if last { found.next_back() } else { found.next() }
}

fn colon_outside_variables(text: &str) -> Option<usize> {
    outside_variables(text, ':').next()
}

/// The offsets of a character, except those inside `${…}`.
fn outside_variables(text: &str, wanted: char) -> std::vec::IntoIter<usize> {
    let mut depth = 0usize;
    let mut previous = ' ';
    let mut found = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '{' if previous == '$' || depth > 0 => depth += 1,
            '}' if depth > 0 => depth -= 1,
            c if c == wanted && depth == 0 => found.push(at),
            _ => {}
        }
        previous = c;
    }
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::ImageReference;

    #[test]
    fn every_part_is_found() {
        let image = ImageReference::read("ghcr.io:443/acme/shop-api:1.4@sha256:0123");
        assert_eq!(image.registry.as_deref(), Some("ghcr.io:443"));
        assert_eq!(image.repository, "acme/shop-api");
        assert_eq!(image.tag.as_deref(), Some("1.4"));
        assert_eq!(image.digest.as_deref(), Some("sha256:0123"));
        assert_eq!(image.short_name(), "shop-api");
    }

    #[test]
    fn a_port_is_not_a_tag() {
        let image = ImageReference::read("localhost:5000/app");
        assert_eq!(image.tag, None);
        assert_eq!(image.registry.as_deref(), Some("localhost:5000"));
    }

    #[test]
    fn variables_are_left_alone() {
        let image = ImageReference::read("${REGISTRY:-docker.io/acme}/app:${TAG:-1.2}");
        assert_eq!(image.tag.as_deref(), Some("${TAG:-1.2}"));
        assert_eq!(image.problem(), None);
    }

    #[test]
    fn upper_case_names_are_refused() {
        assert!(ImageReference::read("Nginx:1").problem().is_some());
        assert!(ImageReference::read("nginx:").problem().is_some());
        assert_eq!(ImageReference::read("nginx:1.27-alpine").problem(), None);
    }
}
