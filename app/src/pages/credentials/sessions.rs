//! The browsers in which the user is signed in.

use domain::api::BrowserSession;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Badge, Button, Icon, Sign, Tone, age_of, use_toasts},
    rpc::session::{end_session, list_sessions},
};

#[component]
pub(super) fn Sessions(sessions: Vec<BrowserSession>) -> impl IntoView {
    let sessions = RwSignal::new(sessions);
    view! {
        <section class="flex flex-col gap-3" aria-label="Browsers">
            <div class="flex flex-wrap items-end gap-3">
                <div class="min-w-0 flex-1">
                    <h2 class="text-lead font-semibold">"Browsers"</h2>
                    <p class="text-muted wrap-anywhere">"Where you are signed in. Sign out sessions you don't recognise."</p>
                </div>
                <form method="post" action="/sign-out/everywhere">
                    <Button kind="submit">
                        <Icon sign=Sign::SignOut />
                        "Sign out everywhere"
                    </Button>
                </form>
            </div>
            <ul class="rounded-panel bg-panel hairline" data-testid="sessions">
                <For each=move || sessions.get() key=|session| session.clone() let:session>
                    <SessionRow session sessions />
                </For>
            </ul>
        </section>
    }
}

#[component]
fn SessionRow(session: BrowserSession, sessions: RwSignal<Vec<BrowserSession>>) -> impl IntoView {
    let toasts = use_toasts();
    let BrowserSession { id, user_agent, address, created_at, is_current, .. } = session;
    let name = browser_of(user_agent.as_deref().unwrap_or_default());
    let since = age_of(move || Some(created_at));
    let label = format!("Sign out {name}");
    let end = move |_| {
        spawn_local(async move {
            let now = match end_session(id).await {
                Ok(()) => list_sessions().await,
                Err(error) => Err(error),
            };
            match now {
                Ok(now) => drop(sessions.try_set(now)),
                Err(error) => toasts.show(Tone::Error, error.to_string()),
            }
        });
    };
    view! {
        <li class="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-4 py-2 first:border-t-0">
            <span class="min-w-0 flex-1 truncate text-control font-medium" title=user_agent>
                {name}
            </span>
            <span class="font-mono text-caption text-muted">{address}</span>
            <span class="tabular text-muted">"signed in " {move || since.get()}</span>
            {if is_current {
                view! { <Badge>"this browser"</Badge> }.into_any()
            } else {
                view! {
                    <Button on:click=end attr:aria-label=label>
                        "Sign out"
                    </Button>
                }
                .into_any()
            }}
        </li>
    }
}

/// "Firefox on Linux". A user agent also contains the names of other browsers, so the order matters.
fn browser_of(user_agent: &str) -> String {
    let first = |names: &[(&'static str, &'static str)]| {
        names.iter().find(|(part, _)| user_agent.contains(part)).map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "A browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser_of;

    #[test]
    fn a_browser_is_called_what_people_call_it() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
        assert_eq!(browser_of(chrome), "Chrome on Linux");
        assert_eq!(browser_of(&format!("{chrome} Edg/156.0")), "Edge on Linux");
        assert_eq!(
            browser_of("Mozilla/5.0 (Android 15; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"),
            "Firefox on Android"
        );
        assert_eq!(browser_of(""), "A browser");
    }
}
