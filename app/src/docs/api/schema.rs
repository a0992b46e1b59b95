//! Types in words, and the objects that have a name.

use leptos::prelude::*;
use serde_json::Value;

use super::{operation::plain, text_of};
use crate::components::MarkedText;

/// A named object with its properties.
#[component]
pub fn NamedSchema(name: String, schema: Value) -> impl IntoView {
    view! {
        <details class="rounded-panel bg-panel hairline">
            <summary class="px-4 py-2">
                <h3 class="inline font-mono wrap-anywhere">{name.clone()}</h3>
            </summary>
            <div id=format!("schema-{name}") class="flex flex-col gap-2 border-t border-line px-4 py-3">
                {description(&schema)} <Shape schema />
            </div>
        </details>
    }
    .into_any()
}

/// Everything about a schema: its properties, its alternatives, or its type.
#[component]
fn Shape(schema: Value) -> AnyView {
    if let Some(properties) = schema["properties"].as_object() {
        let required = |name: &str| {
            schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one.as_str() == Some(name)))
        };
        let lines = properties.iter().map(|(name, property)| {
            view! { <Property name=name.clone() property=property.clone() required=required(name) /> }
        });
        return view! { <ul class="flex flex-col">{lines.collect_view()}</ul> }.into_any();
    }
    for (key, words) in
        [("oneOf", "One of these:"), ("anyOf", "Any of these:"), ("allOf", "All of these together:")]
    {
        if let Some(parts) = schema[key].as_array() {
            let parts = parts.iter().map(|part| {
                view! {
                    <li class="border-l-2 border-line pl-3">
                        {description(part)} <Shape schema=part.clone() />
                    </li>
                }
            });
            return view! {
                <p class="text-muted">{words}</p>
                <ul class="flex flex-col gap-2">{parts.collect_view()}</ul>
            }
            .into_any();
        }
    }
    view! { <p><TypeOf schema /></p> }.into_any()
}

#[component]
fn Property(name: String, property: Value, required: bool) -> impl IntoView {
    let nested = property["properties"].is_object();
    view! {
        <li class="flex gap-3 border-b border-line py-1.5 last:border-b-0 max-sm:flex-col max-sm:gap-0">
            <span class="w-44 shrink-0 font-mono wrap-anywhere">{name}</span>
            <div class="min-w-0 flex-1 wrap-anywhere">
                <span class="text-muted">
                    <TypeOf schema=property.clone() /> {required.then_some(", required")}
                </span>
                {description(&property)} {nested.then(|| view! { <Shape schema=property.clone() /> })}
            </div>
        </li>
    }
    .into_any()
}

/// The type in words: "list of Project", "text or null (date-time)".
#[component]
pub fn TypeOf(schema: Value) -> AnyView {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return view! { <a href=format!("#schema-{name}") class="underline">{name.to_owned()}</a> }
            .into_any();
    }
    for (key, between) in [("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")] {
        if let Some(parts) = schema[key].as_array() {
            let parts = parts.iter().enumerate().map(|(at, part)| {
                view! { {(at > 0).then_some(between)} <TypeOf schema=part.clone() /> }
            });
            return parts.collect_view().into_any();
        }
    }
    if let Some(values) = schema["enum"].as_array() {
        let values = values.iter().enumerate().map(|(at, value)| {
            view! { {(at > 0).then_some(" or ")} <code>{plain(value)}</code> }
        });
        return values.collect_view().into_any();
    }
    if schema["items"].is_object() {
        let null = names(&schema["type"]).contains(&"null").then_some(", or null");
        return view! { "list of " <TypeOf schema=schema["items"].clone() /> {null} }.into_any();
    }
    if schema["additionalProperties"].is_object() {
        return view! { "map of names to " <TypeOf schema=schema["additionalProperties"].clone() /> }
            .into_any();
    }
    let kinds: Vec<&str> = names(&schema["type"]).into_iter().map(word).collect();
    let kind = if kinds.is_empty() { "any JSON".to_owned() } else { kinds.join(" or ") };
    format!("{kind}{}", limits(&schema)).into_any()
}

/// `type` is a name or a list of names.
fn names(kind: &Value) -> Vec<&str> {
    match kind {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn word(name: &str) -> &str {
    match name {
        "string" => "text",
        "integer" => "whole number",
        "boolean" => "true or false",
        other => other,
    }
}

/// " (date-time)", " (1 to 1000)"
fn limits(schema: &Value) -> String {
    let mut all = Vec::new();
    // The width of a number says nothing to people.
    if let Some(format) = schema["format"].as_str().filter(|format| !format.starts_with("int")) {
        all.push(format.to_owned());
    }
    match (schema.get("minimum"), schema.get("maximum")) {
        (Some(from), Some(to)) => all.push(format!("{from} to {to}")),
        (Some(from), None) => all.push(format!("{from} or more")),
        (None, Some(to)) => all.push(format!("{to} at most")),
        (None, None) => {}
    }
    if let Some(default) = schema.get("default").filter(|default| !default.is_null()) {
        all.push(format!("default {}", plain(default)));
    }
    if all.is_empty() { String::new() } else { format!(" ({})", all.join(", ")) }
}

fn description(schema: &Value) -> Option<impl IntoView + use<>> {
    let text = text_of(schema, "/description");
    (!text.is_empty()).then(|| view! { <p><MarkedText text /></p> })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn words(schema: Value) -> String {
        let html = Owner::new().with(|| view! { <TypeOf schema /> }.to_html());
        // Without the markers between neighbouring texts.
        html.replace("<!>", "").replace("<!---->", "")
    }

    #[test]
    fn types_are_told_in_words() {
        for (schema, expected) in [
            (json!({"type": "string"}), "text"),
            (json!({"type": ["string", "null"], "format": "date-time"}), "text or null (date-time)"),
            (
                json!({"type": "integer", "format": "int32", "minimum": 1, "maximum": 9}),
                "whole number (1 to 9)",
            ),
            (json!({"type": "string", "enum": ["a", "b"]}), "<code>a</code> or <code>b</code>"),
            (json!({"type": "array", "items": {"type": "boolean"}}), "list of true or false"),
            (json!({}), "any JSON"),
        ] {
            assert_eq!(words(schema.clone()), expected, "{schema}");
        }
        let link = words(json!({"$ref": "#/components/schemas/Host"}));
        assert!(link.contains("href=\"#schema-Host\"") && link.contains(">Host</a>"), "{link}");
    }
}
