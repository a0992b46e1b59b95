//! A page whose data could not be had.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;

use crate::{
    components::{Callout, Look, Tone},
    rpc::RpcError,
};

/// Signed out: on to the sign-in page. Everything else: what happened and a way on.
#[component]
pub(super) fn Failure(error: RpcError) -> impl IntoView {
    if error == RpcError::SignedOut {
        return view! { <Redirect path="/sign-in" /> }.into_any();
    }
    let title = match error {
        RpcError::NotFound | RpcError::NoSuch { .. } => "Not found",
        RpcError::Forbidden => "Not allowed",
        RpcError::Unreachable => "No connection",
        _ => "This page could not be loaded",
    };
    // Asking again would give the same answer.
    let lasting = matches!(error, RpcError::NotFound | RpcError::NoSuch { .. } | RpcError::Forbidden);
    view! {
        <Title text=title />
        <main id="main" tabindex="-1" class="mx-auto flex w-full max-w-xl flex-col gap-4 px-4 py-10">
            <h1 class="text-title font-semibold">{title}</h1>
            <Callout tone=Tone::Error title=error.to_string() />
            <p class="flex flex-wrap gap-2">
                {(!lasting)
                    .then(|| {
                        // External: asks the server again instead of staying on the page.
                        view! {
                            <a class=Look::Primary.class() href="" rel="external">
                                "Try again"
                            </a>
                        }
                    })}
                <a class=if lasting { Look::Primary.class() } else { Look::Plain.class() } href="/">
                    "Go to the projects"
                </a>
            </p>
        </main>
    }
    .into_any()
}
