//! The routes of the REST API, as declared by the transport that serves them. Rules are checked against this list.

/// A method and the pattern of its paths: `/project/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    pub pattern: String,
    pub method: String,
}

/// Sorted by path, then by method.
#[derive(Clone, Debug, Default)]
pub struct RouteTable(Vec<Route>);

impl RouteTable {
    pub fn new(mut routes: Vec<Route>) -> Self {
        routes.sort();
        routes.dedup();
        Self(routes)
    }

    pub fn routes(&self) -> &[Route] {
        &self.0
    }

    /// The pattern that matches a path, for any method. As in the router, a literal segment takes precedence over a parameter.
    pub fn pattern_of(&self, path: &str) -> Option<&str> {
        let taking = self.0.iter().map(|route| route.pattern.as_str()).filter(|pattern| takes(pattern, path));
        taking.min_by_key(|pattern| pattern.split('/').map(is_parameter).collect::<Vec<_>>())
    }

    /// The methods of a pattern.
    pub fn methods_of(&self, pattern: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |route| route.pattern == pattern).map(|route| route.method.as_str())
    }
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{')
}

fn takes(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut segments) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), segments.next()) {
            (None, None) => return true,
            (Some(wanted), Some(segment)) if wanted == segment => {}
            (Some(wanted), Some(segment)) if is_parameter(wanted) && !segment.is_empty() => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/project", Some("/project"))]
    #[case("/project/", None)]
    #[case("/project/7", Some("/project/{id}"))]
    #[case("/project/import", Some("/project/import"))]
    #[case("/project/7/compose", None)]
    #[case("/nowhere", None)]
    fn a_path_is_of_the_route_that_the_router_would_take(#[case] path: &str, #[case] expected: Option<&str>) {
        let route =
            |method: &str, pattern: &str| Route { method: method.to_owned(), pattern: pattern.to_owned() };
        let table = RouteTable::new(vec![
            route("PUT", "/project/{id}"),
            route("GET", "/project/{id}"),
            route("GET", "/project"),
            route("POST", "/project/import"),
        ]);
        assert_eq!(table.pattern_of(path), expected);
        assert_eq!(table.methods_of("/project/{id}").collect::<Vec<_>>(), ["GET", "PUT"]);
    }
}
