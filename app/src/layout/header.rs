//! The header that all pages of a signed-in person share.

use leptos::prelude::*;
use leptos_router::components::{A, Outlet};

use super::needs_scripts::Starting;
use crate::{
    components::{Icon, Logo, Look, MENU_ITEM, Menu, Sign, ThemeSwitch},
    rpc::session::{Viewer, get_viewer},
};

#[component]
pub(crate) fn SignedIn() -> impl IntoView {
    view! {
        <div class="flex min-h-dvh flex-col">
            <PageHeader />
            <Outlet />
        </div>
    }
}

#[component]
fn PageHeader() -> impl IntoView {
    let viewer = Resource::new(|| (), |()| get_viewer());
    view! {
        <header class="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-panel px-3 max-sm:gap-1 max-sm:px-2">
            <A href="/" attr:aria-label="Stacker, to the projects" attr:class="flex items-center gap-2 rounded-control text-lead font-semibold">
                <Logo />
                // On narrow screens only the logo is shown.
                <span class="max-sm:sr-only">"Stacker"</span>
            </A>
            <nav aria-label="Main" class="flex min-w-0 flex-1 gap-0.5 overflow-x-auto">
                <NavigationLink href="/" exact=true>
                    "Projects"
                </NavigationLink>
                <NavigationLink href="/deployments">"Deployments"</NavigationLink>
                <NavigationLink href="/hosts">"Hosts"</NavigationLink>
                <NavigationLink href="/clouds">"Clouds"</NavigationLink>
            </nav>
            <Starting />
            <Suspense>
                // Nothing for anonymous visitors: the page itself redirects to the sign-in page.
                {move || Suspend::new(async move { viewer.await.ok().map(|viewer| view! { <AccountMenu viewer /> }) })}
            </Suspense>
        </header>
    }
}

#[component]
fn NavigationLink(href: &'static str, #[prop(optional)] exact: bool, children: Children) -> impl IntoView {
    view! {
        <A
            href=href
            exact=exact
            attr:class="inline-flex h-control shrink-0 items-center rounded-control px-2.5 text-control text-muted transition hover:bg-hover hover:text-ink aria-[current=page]:text-ink max-sm:px-1"
        >
            {children()}
        </A>
    }
}

#[component]
fn AccountMenu(viewer: Viewer) -> impl IntoView {
    let name = viewer.name.clone();
    let button = move || {
        view! {
            <Icon sign=Sign::Person />
            <span class="max-w-40 truncate max-sm:sr-only">{name.clone()}</span>
            <span class="max-sm:hidden">
                <Icon sign=Sign::ChevronDown size=12 />
            </span>
        }
    };
    view! {
        <Menu id="account" label=format!("Account: {}", viewer.name) look=Look::Quiet button=button.into()>
            <div class="px-2 pt-1 pb-2">
                <p class="font-medium">{viewer.name.clone()}</p>
                {viewer.email.map(|email| view! { <p class="text-caption text-muted">{email}</p> })}
            </div>
            <div class="border-t border-line py-1">
                // External: a full page load closes the menu.
                <a class=MENU_ITEM href="/access" rel="external">
                    <Icon sign=Sign::Key />
                    "Access"
                </a>
                <a class=MENU_ITEM href="/callbacks" rel="external">
                    <Icon sign=Sign::Link />
                    "Callbacks"
                </a>
                <a class=MENU_ITEM href="/audit" rel="external">
                    <Icon sign=Sign::List />
                    "Audit log"
                </a>
                <a class=MENU_ITEM href="/agreements" rel="external">
                    <Icon sign=Sign::File />
                    "Agreements"
                </a>
                <a class=MENU_ITEM href="/ratings/application/1" rel="external">
                    <Icon sign=Sign::Star />
                    "Ratings"
                </a>
                {viewer
                    .sees_rules
                    .then(|| {
                        view! {
                            <a class=MENU_ITEM href="/admin/rules" rel="external">
                                <Icon sign=Sign::Lock />
                                "Rules"
                            </a>
                        }
                    })}
            </div>
            <div class="border-t border-line py-1">
                <ThemeSwitch />
            </div>
            <form method="post" action="/sign-out" class="border-t border-line pt-1">
                <button type="submit" class=MENU_ITEM>
                    <Icon sign=Sign::SignOut />
                    "Sign out"
                </button>
            </form>
        </Menu>
    }
}
