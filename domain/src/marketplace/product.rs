//! A product of the User Service: what a person has bought, or what is for sale.

use serde_json::Value;

use super::{entries, text_or_number};

const TEMPLATE: &str = "template";
/// The most products of one answer.
const MAX_PRODUCTS: usize = 10_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    pub id: Option<String>,
    /// The id that this server has given it: the template's.
    pub external_id: Option<String>,
    /// The slug of the template.
    pub code: Option<String>,
    pub name: Option<String>,
    /// With two decimals, in dollars. `None` if it is not told, or is nothing.
    pub price: Option<String>,
    is_template: bool,
}

impl Product {
    /// `None` if the body is not a list of products.
    pub fn read_list(body: &Value) -> Option<Vec<Self>> {
        Some(
            entries(body)?
                .iter()
                .filter(|entry| entry.is_object())
                .take(MAX_PRODUCTS)
                .map(Self::read)
                .collect(),
        )
    }

    fn read(entry: &Value) -> Self {
        let field = |name: &str| text_or_number(entry.get(name));
        let kind = field("product_type").or_else(|| field("type"));
        Self {
            id: field("id").or_else(|| field("_id")),
            external_id: field("external_id"),
            code: field("code"),
            name: field("name"),
            price: field("price").as_deref().and_then(price),
            is_template: kind.is_some_and(|kind| kind.eq_ignore_ascii_case(TEMPLATE)),
        }
    }

    /// Whether this is the template with that id or slug.
    pub fn is_template(&self, template_id: &str, slug: &str) -> bool {
        let is =
            |field: Option<&str>, value: &str| field.is_some_and(|field| field.eq_ignore_ascii_case(value));
        let by_id = [&self.external_id, &self.id, &self.code];
        self.is_template
            && (by_id.into_iter().any(|field| is(field.as_deref(), template_id))
                || is(self.code.as_deref(), slug))
    }
}

fn price(text: &str) -> Option<String> {
    let price: f64 = text.parse().ok()?;
    (price.is_finite() && price > 0.0).then(|| format!("{price:.2}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ID: &str = "018f3c5e-0000-7000-8000-000000000001";

    fn product(entry: &Value) -> Product {
        Product::read_list(&json!([entry])).unwrap().remove(0)
    }

    #[test]
    fn a_template_is_recognised_by_what_the_user_service_was_told_about_it() {
        for entry in [
            json!({"product_type": "template", "external_id": ID}),
            json!({"product_type": "Template", "id": ID}),
            json!({"product_type": "template", "code": ID.to_uppercase()}),
            json!({"product_type": "template", "code": "shop"}),
        ] {
            assert!(product(&entry).is_template(ID, "shop"), "{entry}");
        }
    }

    #[test]
    fn another_product_is_not_the_template() {
        for entry in [
            json!({"product_type": "template", "external_id": "018f3c5e-0000-7000-8000-000000000002"}),
            json!({"product_type": "subscription", "external_id": ID}),
            json!({"external_id": ID}),
            json!({"product_type": "template", "name": "shop", "external_id": "shop"}),
            json!({"product_type": "template", "external_id": null, "code": null}),
        ] {
            assert!(!product(&entry).is_template(ID, "shop"), "{entry}");
        }
    }

    #[test]
    fn a_price_has_two_decimals() {
        for (price, expected) in [
            (json!(19.9), Some("19.90")),
            (json!("5"), Some("5.00")),
            (json!(0), None),
            (json!(-1), None),
            (json!("NaN"), None),
            (json!("free"), None),
            (json!(null), None),
        ] {
            assert_eq!(product(&json!({"price": price})).price.as_deref(), expected, "{price}");
        }
    }
}
