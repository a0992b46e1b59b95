//! The page for unknown URLs: status 404 and a link back to the projects.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::{Logo, Look};

#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="Not found" />
        <main id="main" tabindex="-1" class="mx-auto flex min-h-dvh w-full max-w-md flex-col justify-center gap-4 px-4 py-10">
            <Logo />
            <h1 class="text-title font-semibold">"Page not found"</h1>
            <p class="text-muted">
                "The page has moved, or the address has a typo. All your projects are in the list."
            </p>
            <p>
                <a class=Look::Primary.class() href="/">
                    "Go to the projects"
                </a>
            </p>
        </main>
    }
}
