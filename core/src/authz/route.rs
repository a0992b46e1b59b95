//! Whether a decision holds for a whole route or only for the path that was requested.

/// Whether the pattern matches some paths of the route and not others: `/project/7` does for the route `/project/{id}`,
/// `/project/:id` does not.
pub fn is_told_apart_by(route: &str, pattern: &str) -> bool {
    let mut segments = route.split('/');
    let mut wanted = pattern.split('/');
    loop {
        match (segments.next(), wanted.next()) {
            (None, None) => return false,
            // `*` matches any rest of the path.
            (_, Some(wanted)) if wanted.contains('*') => {
                // A segment `*` matches every path from here on; a `*` inside a segment counts as matching only some paths.
                return wanted != "*";
            }
            // The numbers of segments differ, so the pattern matches no path of the route.
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
