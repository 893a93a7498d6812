"""How exports call the fields of a product, in English, Chinese, German, French, Spanish, Japanese.

Names are compared by `attribute_key`, after CamelCase is parted, accents are taken off Latin
letters (exports often have none) and words that say nothing (`product_`, `g:`, a language or
currency at the end) are dropped.
"""

import re
import unicodedata

from indexer.catalog_schema import FieldRole
from search_core import attribute_key

_R = FieldRole

# Surest names first: the place in the list decides between two fields of equal values.
_NAMES: dict[FieldRole, str] = {
    _R.ID:
        "id uid uuid asin product_id item_id sku product_sku article_id artikelnummer"
        " item_number stock_code product_number handle code articleno artikel_nr spu spu_id"
        " goods_id goods_sn réf ref reference référence referencia 编号 商品编号 商品id 货号"
        " 产品编号 商品番号 商品コード 管理番号 article_number itemid variant_sku mpn ean gtin"
        " barcode art_nr artnr art_no item_no part_no part_number bestellnummer teilenummer url_key"
        " slug _id",
    _R.TITLE:
        "title product_title name product_name item_name display_name store_title headline"
        " label bezeichnung titel artikelbezeichnung produktname artikelname titre nom"
        " nom_du_produit libellé désignation título titulo nombre nombre_del_producto 名称 标题"
        " 商品名称 商品名 产品名称 品名 名前 タイトル 製品名 goods_name subject caption"
        " designation",
    _R.DESCRIPTION:
        "description long_description product_description body_html body full_description desc"
        " detail details detail_text html_description beschreibung langbeschreibung"
        " produktbeschreibung artikelbeschreibung description_longue descriptif descripción"
        " descripcion descripción_larga 描述 详情 商品描述 产品描述 详细描述 商品详情 商品説明"
        " 説明 説明文 詳細 body_text short_description summary brief subtitle excerpt teaser"
        " bullets bullet_points features_text kurzbeschreibung description_courte résumé"
        " descripción_corta 简介 摘要 副标题 简述 卖点 概要 キャッチコピー product_highlight",
    _R.BRAND:
        "brand brand_name vendor manufacturer supplier maker marke hersteller marque fabricant"
        " marca fabricante 品牌 品牌名称 厂商 制造商 ブランド ブランド名 メーカー marken_name"
        " merk",
    _R.CATEGORY:
        "category categories category_path category_name product_category breadcrumb"
        " breadcrumbs category_tree taxonomy department section google_product_category"
        " kategorie kategorien warengruppe catégorie catégories rayon categoría categorías 分类"
        " 类目 类别 品类 商品分类 一级分类 二级分类 三级分类 カテゴリ カテゴリー 分類 categoria"
        " subcategory sub_category main_category category_hierarchy 类目路径 subkategorie"
        " sous_catégorie subcategoría collection collections master_category product_group"
        " produktgruppe cat_path cat aisle product_type",
    _R.PRODUCT_TYPE:
        "product_type type item_type article_type product_class produkttyp artikeltyp"
        " produktart type_de_produit tipo tipo_de_producto 商品类型 产品类型 商品種別"
        " 商品タイプ custom_product_type",
    _R.PRICE:
        "sale_price price current_price selling_price final_price special_price offer_price"
        " unit_price retail_price price_amount regular_price list_price price_cents"
        " price_in_cents price_minor amount_cents cost_price preis verkaufspreis preis_brutto"
        " vk_preis prix prix_ttc prix_de_vente precio precio_venta 价格 售价 销售价 现价 单价"
        " 价格_元 商品价格 価格 販売価格 税込価格 定価 min_price counter_price rrp msrp"
        " uvp",
    _R.CURRENCY:
        "currency currency_code price_currency währung waehrung devise monnaie moneda divisa"
        " 货币 币种 通貨",
    _R.IMAGE:
        "image image_url image_link img image_src main_image base_image picture picture_url"
        " photo images img_high img_url thumbnail thumbnail_url primary_image primary_image_url"
        " image_1 image1 pic pic_url bild bild_url bilder image_principale imagen imagen_url"
        " 图片 主图 图片地址 图片链接 商品图片 画像 画像url featured_image image_file file"
        " small_image img_500x500 img_low img_thumb",
    _R.URL:
        "url link product_url product_link permalink canonical_url page_url href deeplink"
        " produkt_url lien enlace 链接 商品链接 商品url リンク online_store_url",
    _R.AVAILABILITY:
        "availability available in_stock is_in_stock stock_status instock stock stock_quantity"
        " quantity_in_stock inventory inventory_quantity variant_inventory_qty qty lagerbestand"
        " verfuegbarkeit verfuegbar"
        " verfügbarkeit verfügbar bestand disponibilité en_stock disponibilidad existencias"
        " 库存 库存数量 是否有货 在庫 在庫数 inventory_level",
    _R.RATING:
        "rating average_rating avg_rating ratings_average rating_value review_score stars"
        " score review_rating bewertung durchschnittsbewertung note note_moyenne valoración"
        " calificación 评分 平均评分 评价分数 評価 レビュー評価 aggregate_rating",
    _R.POPULARITY:
        "popularity sales sold units_sold sales_count total_sold sold_count review_count"
        " reviews_count reviews number_of_reviews num_reviews rating_count ratings_count"
        " ratings_total views view_count orders_count verkäufe anzahl_bewertungen ventes"
        " nombre_avis ventas número_de_reseñas 销量 月销量 评论数 评价数 浏览量 販売数"
        " レビュー数 レビュー件数 bestseller_rank",
    _R.RELEASED:
        "released release_date date_released released_at launch_date published_at publish_date"
        " date_published created_at date_added created date_created available_date"
        " availability_date erscheinungsdatum date_de_sortie fecha_de_lanzamiento 上市时间"
        " 上架时间 发布日期 发布时间 発売日 date_first_available introduction_date on_sale_date",
    _R.LANGUAGE:
        "language lang locale language_code content_language sprache langue idioma 语言 言語",
    _R.CODES:
        "ean ean13 gtin gtin13 gtin14 gtin8 upc barcode variant_barcode mpn model_number model"
        " model_no sku variant_sku part_number part_no isbn isbn13 asin manufacturer_part_number"
        " artikelnummer herstellernummer modellnummer modell code_barre référence_fabricant"
        " modèle código_de_barras modelo 型号 条码 条形码 商品条码 货号 型番 jan jan_code"
        " janコード バーコード gtin_ean gtin_upc_ean_or_isbn goods_sn variant_codes style_code"
        " global_unique_id name",
    _R.VARIANT_GROUP:
        "variant_group item_group_id group_id parent_id parent_sku parent parent_asin"
        " parent_product_id variant_group_id model_id style_id master_id master_sku"
        " configurable_sku spu_id elternartikel produit_parent producto_padre 父商品 親商品"
        " 親商品番号",
}  # fmt: skip

_ACCENTS = re.compile(r"(?<=[a-z])[\u0300-\u036f]+", re.IGNORECASE)


def _plain_key(name: str) -> str:
    # Marks of other scripts stay: they tell letters apart.
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", attribute_key(name)))
    return unicodedata.normalize("NFC", plain)


NAMES: dict[FieldRole, tuple[str, ...]] = {
    role: tuple(dict.fromkeys(_plain_key(name) for name in text.split()))
    for role, text in _NAMES.items()
}

# Parts of orders, people and bookkeeping: never a product's own.
FOREIGN_WORDS = frozenset(
    [
        "invoice", "order", "customer", "user", "session", "cart", "shipping", "vat", "tax", "seo",
        "meta", "sort", "position", "created", "updated", "modified", "deleted", "is_deleted",
        "add_time", "update_time", "admin", "operator", "internal", "template", "layout",
        "published", "visibility", "visible", "tax_status", "tax_class",
    ]
)  # fmt: skip
ATTRIBUTE_CONTAINERS = frozenset(
    _plain_key(name)
    for name in [
        "attributes", "attribute", "attrs", "specs", "specifications", "specification", "spec",
        "properties", "features", "params", "parameters", "options", "facets", "details",
        "product_details", "merkmale", "eigenschaften", "technische_daten", "caractéristiques",
        "caracteristiques", "características", "atributos", "参数", "属性", "规格", "商品参数",
        "规格参数", "仕様", "スペック", "custom_fields", "metafields", "filter_attributes",
    ]
)  # fmt: skip
_SAYS_LESS_THAN_ITS_HEAD = frozenset(
    [
        "name", "title", "label", "value", "amount", "url", "src", "link", "nombre", "titulo",
        "titre", "nom", "wert", "betrag", "montant", "importe", "valor",
    ]
)  # fmt: skip
_SAYS_NOTHING = re.compile(
    r"^(?:product|item|article|goods|variant|default|main|g|field|prod|produkt|artikel|produit"
    r"|producto|商品|产品|製品)_(?=.)"
)
_LANGUAGE_AT_END = re.compile(r"(?<=.)_(?:en|de|fr|es|it|ja|jp|zh|cn|nl|pt|pl|en_us|en_gb|de_de)$")
_CURRENCY_AT_END = re.compile(
    r"(?<=.)_(?:usd|eur|euro|gbp|chf|cny|rmb|jpy|krw|inr|cad|aud|sek|nok|dkk|pln|czk|brl|mxn)$"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def name_key(field: str) -> str:
    """Return a field's name in the form that the lists here are in."""
    return _plain_key(_CAMEL.sub("_", field))


def name_forms(field: str) -> tuple[str, ...]:
    """Return the forms under which a field may be listed, the most literal first.

    Of a path the last part counts too: `brand.name` is listed as `brand`, `variants.price` as
    `price`.
    """
    key = name_key(field)
    forms = [
        key,
        _SAYS_NOTHING.sub("", key),
        _LANGUAGE_AT_END.sub("", key),
        _CURRENCY_AT_END.sub("", key),
    ]
    if "." in field:
        head, _, tail = field.rpartition(".")
        generic = name_key(tail) in _SAYS_LESS_THAN_ITS_HEAD
        forms += name_forms(head if generic else tail)
        if generic:
            forms = forms[4:]  # `brand.name` is no name of the product
    forms.append(_SAYS_NOTHING.sub("", forms[-1]))
    return tuple(dict.fromkeys(forms))


def name_score(role: FieldRole, field: str) -> float:
    """Return how much a field's name speaks for a role: 0 (not at all), else 0.7 to 1."""
    names = NAMES[role]
    for form in name_forms(field):
        if form in names:
            return 1.0 - 0.3 * names.index(form) / len(names)
    return 0.0


def is_foreign(field: str) -> bool:
    """Tell whether a name says that the field belongs to orders, people or bookkeeping."""
    key = name_key(field)
    return key in FOREIGN_WORDS or key.split("_", 1)[0] in FOREIGN_WORDS
