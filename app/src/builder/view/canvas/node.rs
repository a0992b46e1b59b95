//! The node of a service on the canvas.

use leptos::prelude::*;

use super::surface::Surface;
use crate::{
    browser,
    builder::{
        model::{gesture::Scene, picture::Node},
        view::{
            app_sign::{AppSign, sign_of},
            deploy::LiveLine,
        },
    },
    components::{Icon, Sign},
    deployment::words,
};

pub fn element_id(service: &str) -> String {
    format!("node-{service}")
}

#[component]
pub fn CanvasNode(name: String) -> impl IntoView {
    let surface: Surface = expect_context();
    let session = surface.session;
    let node = {
        let name = name.clone();
        Memo::new(move |_| session.document.picture.with(|picture| picture.node(&name).cloned()))
    };
    let drawn = {
        let name = name.clone();
        Memo::new(move |_| surface.drawn(&name).unwrap_or_default())
    };
    let selected = {
        let name = name.clone();
        Memo::new(move |_| session.selection.now.with(|selection| selection.has(&name)))
    };
    let is_target = {
        let name = name.clone();
        Memo::new(move |_| {
            let view = session.view_port.view.get();
            session.document.picture.with(|picture| {
                let scene = Scene { view, nodes: &picture.nodes, selected: &[] };
                surface.gesture.with(|gesture| gesture.wire_target(&scene) == Some(name.as_str()))
            })
        })
    };
    let is_carried = {
        let name = name.clone();
        Memo::new(move |_| {
            let view = session.view_port.view.get();
            surface.gesture.with(|gesture| gesture.carries(&name, view).length() > 0.0)
        })
    };
    let label = move || node.with(|node| node.as_ref().map(spoken).unwrap_or_default());
    let caption =
        move || node.with(|node| node.as_ref().map(|node| shortened(&node.caption)).unwrap_or_default());
    let full_caption =
        move || node.with(|node| node.as_ref().map(|node| node.caption.clone()).unwrap_or_default());
    let handle_name = name.clone();
    let connect_by_keyboard = move |event: leptos::ev::MouseEvent| {
        // A click without a pointer comes from the keyboard; with a pointer, the user draws a wire.
        if event.detail() == 0 {
            session.select_service(&handle_name);
            session.panels.tab.set("general");
            request_animation_frame(|| browser::focus("inspector-depends-on-add"));
        }
    };
    view! {
        <div
            id=element_id(&name)
            class="node"
            class:node-selected=selected
            class:node-target=is_target
            class:node-carried=is_carried
            data-node=name.clone()
            data-testid=element_id(&name)
            role="group"
            aria-roledescription="service"
            aria-label=label
            tabindex="0"
            style:left=move || format!("{}px", drawn.get().x)
            style:top=move || format!("{}px", drawn.get().y)
            style:height=move || format!("{}px", drawn.get().height)
        >
            <div class="node-head">
                <span class="text-muted">
                    <AppSign path=sign_of(session, &name) />
                </span>
                <span class="min-w-0 flex-1">
                    <span class="flex items-center gap-2">
                        <span class="min-w-0 flex-1 truncate text-control font-semibold" title=name.clone()>
                            {name.clone()}
                        </span>
                        <Marks node />
                    </span>
                    <span class="block truncate font-mono text-caption text-muted" title=full_caption>
                        {caption}
                    </span>
                </span>
            </div>
            <Badges node />
            <LiveLine name=name.clone() class="node-live" />
            <button
                type="button"
                class="node-handle"
                data-handle=name.clone()
                data-testid=format!("handle-{name}")
                aria-label=format!("Connect {name} to a service it needs")
                title="Drag to a service that this one needs"
                on:click=connect_by_keyboard
            ></button>
        </div>
    }
}

/// The label for screen readers: name, image, ports, problems.
fn spoken(node: &Node) -> String {
    let mut parts = vec![node.service.clone(), node.caption.clone()];
    if !node.ports.is_empty() {
        parts.push(format!("published on {}", node.ports.join(", ")));
    }
    parts.extend(node.problems());
    parts.join(", ")
}

/// Shortens a text in the middle, because the end of an image is its tag, which people look for.
fn shortened(caption: &str) -> String {
    const LONGEST: usize = 23;
    let characters: Vec<char> = caption.chars().collect();
    if characters.len() <= LONGEST {
        return caption.to_owned();
    }
    let tail = LONGEST - 8;
    let start: String = characters[..7].iter().collect();
    let end: String = characters[characters.len() - tail..].iter().collect();
    format!("{start}…{end}")
}

/// Shows how many errors and warnings the service has.
#[component]
fn Marks(node: Memo<Option<Node>>) -> impl IntoView {
    let counts = Memo::new(move |_| {
        node.with(|node| node.as_ref().map(|node| (node.errors, node.warnings)).unwrap_or_default())
    });
    move || {
        let (errors, warnings) = counts.get();
        view! {
            <span class="flex items-center gap-1">
                {(errors > 0)
                    .then(|| {
                        view! {
                            <span class="node-mark text-error" title=words::counted(errors, "error", "errors")>
                                <Icon sign=Sign::Error size=14 />
                                {errors}
                            </span>
                        }
                    })}
                {(warnings > 0)
                    .then(|| {
                        view! {
                            <span class="node-mark text-warn" title=words::counted(warnings, "warning", "warnings")>
                                <Icon sign=Sign::Warning size=14 />
                                {warnings}
                            </span>
                        }
                    })}
            </span>
        }
    }
}

/// The badges: published ports and the number of mounts.
#[component]
fn Badges(node: Memo<Option<Node>>) -> impl IntoView {
    let shown = Memo::new(move |_| {
        node.with(|node| node.as_ref().map(|node| (node.ports.clone(), node.mounts)).unwrap_or_default())
    });
    move || {
        let (ports, mounts) = shown.get();
        // There is room for two port badges only.
        let seen = if ports.len() > 2 { 1 } else { 2 };
        let more = ports.len().saturating_sub(seen);
        (!ports.is_empty() || mounts > 0).then(|| {
            view! {
                <div class="node-badges">
                    {ports
                        .iter()
                        .take(seen)
                        .map(|port| view! { <span class="node-badge font-mono" title="Published on the host">{format!(":{port}")}</span> })
                        .collect_view()}
                    {(more > 0).then(|| view! { <span class="node-badge">{format!("+{more}")}</span> })}
                    {(mounts > 0)
                        .then(|| {
                            let words = if mounts == 1 { "1 volume".to_owned() } else { format!("{mounts} volumes") };
                            view! { <span class="node-badge">{words}</span> }
                        })}
                </div>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_long_image_keeps_its_tag() {
        assert_eq!(shortened("nginx:1.27"), "nginx:1.27");
        let short = shortened("registry.example.com/team/shop-api:2024.1");
        assert!(short.ends_with("shop-api:2024.1") && short.contains('…') && short.chars().count() == 23);
    }
}
