//! The OpenAPI document: the head is here, the rest comes from the handlers. `docs.rs` serves it.

use stacker::authz::{Route, RouteTable};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        ObjectBuilder,
        schema::SchemaType,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

#[derive(OpenApi)]
#[openapi(
    info(title = "Stacker", description = "Design stacks of containers, store their compose files and deploy them. Every answer has an envelope; every failure has a stable `code`."),
    security(("bearer" = []), ("access_token" = []), ("client" = [], "signature" = [])),
    tags(
        (name = "projects", description = "Your own projects. The compose text is the source of truth; form and metadata are derived from it"),
        (name = "sharing", description = "Members of a project: viewers, operators and editors"),
        (name = "deployments", description = "Your stacks on hosts: plan, apply, follow, roll back, remove"),
        (name = "hosts", description = "Your hosts, which run the agent"),
        (name = "callbacks", description = "Addresses that are called when something happens to your deployments, agents and commands"),
        (name = "clouds", description = "Credentials for cloud providers, and the machines that the install service creates with them"),
        (name = "images", description = "What registries and Docker Hub say about images, and credentials for private ones"),
        (name = "ratings", description = "What users think of products"),
        (name = "agreements", description = "Texts that users accept, some of them before they deploy"),
        (name = "access", description = "The caller, and credentials for programs: API clients, which sign requests, and tokens"),
        (name = "audit", description = "Who did what, from where, with which outcome"),
        (name = "commands", description = "Commands for the agents of your deployments"),
        (name = "agents", description = "Routes for agents. They authenticate with `X-Agent-Id` and their own bearer token, and may sign requests"),
        (name = "check", description = "The rule engine"),
        (name = "administration", description = "Projects, ratings and agreements of all users, and explanations of rules, for administrators"),
        (name = "health", description = "Health of the server"),
    ),
    modifiers(&Schemes),
)]
struct Document;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        // The schema of `meta` in envelopes of routes that do not define it.
        let anything = ObjectBuilder::new().schema_type(SchemaType::AnyValue).description(Some("Any JSON"));
        components.schemas.insert("Value".to_owned(), anything.into());
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("From `console token new`, or from the sign-in provider"))
            .build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let header = |name: &str, description: &str| {
            SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(name, description)))
        };
        components.add_security_scheme("client", header("stacker-id", "The id of an API client"));
        components.add_security_scheme(
            "signature",
            header(
                "stacker-hash",
                "Hex of the HMAC-SHA256, by the client's secret, of the body; with `stacker-timestamp` and \
                `stacker-nonce` of `METHOD\\nPATH?QUERY\\nTIMESTAMP\\nNONCE\\n` and the hex SHA-256 of the body",
            ),
        );
        let cookie = ApiKeyValue::with_description(
            "access_token",
            "A bearer token of the sign-in provider, for pages of the same site",
        );
        components.add_security_scheme("access_token", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// The head of the document, without the routes.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// The routes that the document describes, as casbin rules refer to them.
pub fn route_table(document: &utoipa::openapi::OpenApi) -> RouteTable {
    let paths = document.paths.paths.iter();
    let routes = paths.flat_map(|(pattern, item)| {
        let methods = [
            ("GET", &item.get),
            ("POST", &item.post),
            ("PUT", &item.put),
            ("PATCH", &item.patch),
            ("DELETE", &item.delete),
        ];
        let offered = methods.into_iter().filter(|(_, operation)| operation.is_some());
        offered.map(|(method, _)| Route { method: method.to_owned(), pattern: pattern.clone() })
    });
    RouteTable::new(routes.collect())
}
