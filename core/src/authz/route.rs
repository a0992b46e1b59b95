//! Whether a decision holds for a whole route or only for the path that was requested.

/// A rule like `/project/7` tells some paths of the route `/project/{id}` from others; one like `/project/:id` does not.
pub fn is_told_apart_by(route: &str, pattern: &str) -> bool {
    let mut segments = route.split('/');
    let mut wanted = pattern.split('/');
    loop {
        match (segments.next(), wanted.next()) {
            (None, None) => return false,
            // `*` takes whatever follows.
            (_, Some(wanted)) if wanted.contains('*') => {
                // In the middle of a segment, or of paths of different lengths: not worth telling.
                return wanted != "*";
            }
            // Of another length: it takes no path of the route.
            (None, Some(_)) | (Some(_), None) => return false,
            (Some(segment), Some(wanted)) => {
                let (is_parameter, is_name) = (segment.starts_with('{'), wanted.starts_with(':'));
                if is_parameter && !is_name {
                    return true;
                }
                if !is_parameter && !is_name && segment != wanted {
                    return false;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::is_told_apart_by;

    #[rstest]
    #[case("/project/{id}", "/project/:id", false)]
    #[case("/project/{id}", "/project/:whatever", false)]
    #[case("/project/{id}", "/project/7", true)]
    #[case("/project/{id}/compose", "/project/:id/compose", false)]
    #[case("/project/{id}/compose", "/project/:id/deploy", false)]
    #[case("/project/{id}/compose", "/project/7/compose", true)]
    #[case("/project/{id}", "/project/:id/compose", false)]
    #[case("/project/import", "/project/:id", false)]
    #[case("/project/{id}", "/cloud/7", false)]
    #[case("/project/{id}", "/*", false)]
    #[case("/project/{id}", "/project/*", false)]
    #[case("/project/{id}", "/project/7*", true)]
    fn only_what_names_one_thing_tells_paths_apart(
        #[case] route: &str,
        #[case] pattern: &str,
        #[case] expected: bool,
    ) {
        assert_eq!(is_told_apart_by(route, pattern), expected);
    }
}
