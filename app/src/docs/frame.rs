//! What surrounds every page of the documentation. The pages need no script.

use leptos::prelude::*;

use crate::{components::Logo, shell::StyleSheet, theme::Theme};

/// A whole HTML page in one theme.
pub fn whole_page(
    title: &str,
    options: &LeptosOptions,
    theme: Theme,
    content: impl FnOnce() -> AnyView,
) -> String {
    // Components may ask for a reactive owner.
    let owner = Owner::new();
    let html = owner.with(|| framed(title.to_owned(), options.clone(), theme, content()).to_html());
    format!("<!DOCTYPE html>{html}")
}

fn framed(title: String, options: LeptosOptions, theme: Theme, content: AnyView) -> impl IntoView {
    view! {
        <html lang="en" data-theme=theme.as_str()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content=theme.color_scheme() />
                <title>{title}</title>
                <StyleSheet options />
                <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
            </head>
            <body>
                <a href="#main" class="sr-only focus:not-sr-only">
                    "Skip to the content"
                </a>
                <header class="flex h-12 items-center gap-4 border-b border-line bg-panel px-4">
                    <a href="/" aria-label="Stacker, to the projects" class="flex items-center gap-2 rounded-control text-lead font-semibold">
                        <Logo />
                        "Stacker"
                    </a>
                    <nav aria-label="Documentation" class="flex gap-4 text-body">
                        <a href="/docs" class="underline">
                            "REST API"
                        </a>
                        <a href="/docs/rules" class="underline">
                            "Check rules"
                        </a>
                    </nav>
                </header>
                {content}
            </body>
        </html>
    }
}
