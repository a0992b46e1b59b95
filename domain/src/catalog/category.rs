//! Categories of apps, and an icon for each. The icons are original drawings, so that no trademark is on the canvas.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    Content,
    Files,
    Database,
    Cache,
    Messaging,
    Web,
    Development,
    Automation,
    Monitoring,
    Analytics,
    Security,
    Media,
    Administration,
    Mail,
}

/// All categories, in the order in which the catalogue lists them.
pub fn categories() -> &'static [Category] {
    use Category::*;
    &[
        Content,
        Files,
        Database,
        Cache,
        Messaging,
        Web,
        Development,
        Automation,
        Monitoring,
        Analytics,
        Security,
        Media,
        Administration,
        Mail,
    ]
}

impl Category {
    /// The heading of the category.
    pub fn label(self) -> &'static str {
        match self {
            Self::Content => "Websites and blogs",
            Self::Files => "Files",
            Self::Database => "Databases",
            Self::Cache => "Caches",
            Self::Messaging => "Messaging",
            Self::Web => "Web servers and proxies",
            Self::Development => "Development",
            Self::Automation => "Automation",
            Self::Monitoring => "Monitoring",
            Self::Analytics => "Analytics",
            Self::Security => "Security",
            Self::Media => "Media",
            Self::Administration => "Administration",
            Self::Mail => "Mail",
        }
    }
}

/// The `d` attribute of an SVG path in a 24 × 24 view box. Draw it as a line 1.5 to 2 wide, with round caps and joins
/// and no fill.
pub fn glyph(category: Category) -> &'static str {
    match category {
        // A page with a heading and lines.
        Category::Content => "M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 15h7M9 18h4",
        // A folder.
        Category::Files => {
            "M3 6a1 1 0 0 1 1-1h5l2 3h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1zM3 11h18"
        }
        // A cylinder of three layers.
        Category::Database => {
            "M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zM4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3"
        }
        // A bolt over a base line.
        Category::Cache => "M13 3 6 13h5l-1 6 7-10h-5zM4 21h16",
        // Two messages passing each other.
        Category::Messaging => "M3 7h13M12 3l4 4-4 4M21 17H8M12 13l-4 4 4 4",
        // A globe.
        Category::Web => {
            "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c2.5 2.6 3.7 5.6 3.7 9s-1.2 6.4-3.7 9c-2.5-2.6-3.7-5.6-3.7-9S9.5 5.6 12 3z"
        }
        // A branch that leaves a line and comes back.
        Category::Development => {
            "M7 8v8M7 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM7 21a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM17 10a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM17 10c0 3-3 4.5-8 7"
        }
        // Steps that lead into one.
        Category::Automation => "M3 4h6v5H3zM3 15h6v5H3zM15 9.5h6v5h-6zM9 6.5h3v11H9M12 12h3",
        // A pulse.
        Category::Monitoring => "M3 12h4l3-8 4 16 3-8h4",
        // Bars on a base line.
        Category::Analytics => "M4 21h16M6 17v-5M12 17V5M18 17V9",
        // A padlock.
        Category::Security => "M6 11h12v10H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11M12 15v2",
        // A screen that plays.
        Category::Media => "M3 5h18v12H3zM10 8.5v5l4.5-2.5zM8 21h8",
        // A table with a head.
        Category::Administration => "M4 4h16v16H4zM4 9h16M10 9v11M4 14.5h16",
        // An envelope.
        Category::Mail => "M3 6h18v13H3zM3 7l9 7 9-7",
    }
}
