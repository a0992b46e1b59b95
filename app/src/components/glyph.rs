//! A picture for each kind of app. Our own and simple: by category, so that no trademark is needed.

use leptos::prelude::*;

/// Paths on a 24 px grid, by the catalogue's category names. Unknown categories get the container.
fn path(category: &str) -> &'static str {
    match category {
        "database" | "databases" => {
            "M5 6c0-1.7 3.1-3 7-3s7 1.3 7 3-3.1 3-7 3-7-1.3-7-3zM5 6v6c0 1.7 3.1 3 7 3s7-1.3 7-3V6M5 12v6c0 1.7 3.1 3 7 3s7-1.3 7-3v-6"
        }
        "cache" => "M13 3 5 13.5h6L10 21l9-11h-6.5z",
        "queue" | "messaging" => "M3 7h11v10H3zM14 10h3v4h-3M17 9h4v6h-4M6.5 10v4M10 10v4",
        "proxy" | "network" | "networking" => {
            "M12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 12h6.5M14.3 11 20 6M14.3 13l5.7 5M16.5 5.5H20.5V9.5M16.5 18.5h4v-4"
        }
        "cms" | "website" | "web" => "M3 5h18v14H3zM3 9h18M6 7v.01M8.5 7v.01M6.5 12.5h6M6.5 15.5h4M15.5 12.5h2.5v3h-2.5z",
        "files" | "storage" | "backup" => "M3 6.5h6.5l2 2.5H21v10H3zM3 12h18",
        "monitoring" | "analytics" | "observability" => "M3 20h18M6 20v-6M11 20V9M16 20v-4M4 9l5-4 5 4 6-5",
        "development" | "devtools" | "git" | "code" => {
            "M8.5 8 4.5 12l4 4M15.5 8l4 4-4 4M13.5 5l-3 14"
        }
        "communication" | "chat" | "mail" => "M4 5h16v11H11l-4.5 4v-4H4zM8 9h8M8 12.5h5",
        "automation" | "workflow" => "M6 8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM18 20.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8.5 6H15a3 3 0 0 1 0 6H9a3 3 0 0 0 0 6h6.5",
        "security" | "identity" => "M12 3l7.5 3v5c0 5-3.2 8.5-7.5 10-4.3-1.5-7.5-5-7.5-10V6zM12 13.5v-2.5M12 11a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z",
        "media" => "M4 5h16v14H4zM10 9l5 3-5 3z",
        "search" => "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20.5 20.5M7.5 10.5h6",
        "ai" => "M7 7h10v10H7zM10 10h4v4h-4M10 7V3.5M14 7V3.5M10 20.5V17M14 20.5V17M7 10H3.5M7 14H3.5M20.5 10H17M20.5 14H17",
        "productivity" | "documents" | "knowledge" => "M6 3h9l4 4v14H6zM14.5 3v4.5H19M9 11.5h7M9 15h7M9 18h4",
        "business" | "commerce" | "crm" | "erp" => "M3.5 8.5h17V19h-17zM9 8V5h6v3M3.5 13h17M12 12v2.5",
        "home" | "iot" => "M3.5 11 12 4l8.5 7M6 9.5V20h12V9.5M10 20v-5.5h4V20",
        "game" | "games" => "M7 8h10a4.5 4.5 0 0 1 4.5 4.5c0 5-3.5 6-5.5 3H8c-2 3-5.5 2-5.5-3A4.5 4.5 0 0 1 7 8zM8 10.5v4M6 12.5h4M15.5 11.5v.01M17.5 13.5v.01",
        _ => "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4.2 7.6 12 12l7.8-4.4M12 12v9",
    }
}

/// Decoration beside a name.
#[component]
pub fn Glyph(#[prop(into)] category: String, #[prop(default = 20)] size: u16) -> impl IntoView {
    view! {
        <svg
            viewBox="0 0 24 24"
            width=size
            height=size
            fill="none"
            stroke="currentColor"
            stroke-width="1.6"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            class="shrink-0"
        >
            <path d=path(&category) />
        </svg>
    }
}
