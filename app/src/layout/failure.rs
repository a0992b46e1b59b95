//! Shown in place of a page whose data could not be loaded.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;

use crate::{
    components::{Callout, Look, Tone},
    rpc::RpcError,
};

/// If the session is gone, redirects to the sign-in page; otherwise says what happened and offers a next step.
#[component]
pub(crate) fn Failure(error: RpcError) -> impl IntoView {
    if error == RpcError::SignedOut {
        return view! { <Redirect path="/sign-in" /> }.into_any();
    }
    let title = match error {
        RpcError::NotFound | RpcError::NoSuch { .. } => "Not found",
        RpcError::Forbidden => "Not allowed",
        RpcError::Unreachable => "No connection",
        _ => "This page could not be loaded",
    };
    // Trying again would give the same result.
    let is_permanent = matches!(error, RpcError::NotFound | RpcError::NoSuch { .. } | RpcError::Forbidden);
    view! {
        <Title text=title />
        <main id="main" tabindex="-1" class="mx-auto flex w-full max-w-xl flex-col gap-4 px-4 py-10">
            <h1 class="text-title font-semibold">{title}</h1>
            <Callout tone=Tone::Error title=error.to_string() />
            <p class="flex flex-wrap gap-2">
                {(!is_permanent)
                    .then(|| {
                        // External: a full page load, which asks the server again.
                        view! {
                            <a class=Look::Primary.class() href="" rel="external">
                                "Try again"
                            </a>
                        }
                    })}
                <a class=if is_permanent { Look::Primary.class() } else { Look::Plain.class() } href="/">
                    "Go to the projects"
                </a>
            </p>
        </main>
    }
    .into_any()
}
