"""How the people of firms sign in: ComptExpert, by OpenID Connect."""

from jefacture.settings import env

COMPTEXPERT_ISSUER = env.address("COMPTEXPERT_ISSUER", schemes=("http", "https"))
OIDC_RP_CLIENT_ID = env.text("COMPTEXPERT_CLIENT_ID")
OIDC_RP_CLIENT_SECRET = env.text("COMPTEXPERT_CLIENT_SECRET")
OIDC_RP_SIGN_ALGO = "RS256"
OIDC_RP_SCOPES = env.text("COMPTEXPERT_SCOPES", "openid email profile")
OIDC_USE_PKCE = True
OIDC_TIMEOUT = 10
OIDC_TOKEN_USE_BASIC_AUTH = True
OIDC_AUTHENTICATION_CALLBACK_URL = "firms:comptexpert_callback"
OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS = env.integer("COMPTEXPERT_RENEWAL_SECONDS", default=60)
# No public description of ComptExpert's claims exists: each name can be set.
COMPTEXPERT_CLAIMS = {
    claim: env.text(f"COMPTEXPERT_CLAIM_{claim.upper()}", claim)
    for claim in (
        "email",
        "given_name",
        "family_name",
        "preferred_username",
        "website",
        "profile_type",
        "cabinets",
        "delegations",
        "delegates",
    )
}
COMPTEXPERT_EXPERT_VALUE = env.text("COMPTEXPERT_EXPERT_VALUE", "expert-comptable")
COMPTEXPERT_DELEGATION = env.text("COMPTEXPERT_DELEGATION", "jefacture.com")
COMPTEXPERT_DELEGATIONS_URL = env.address(
    "COMPTEXPERT_DELEGATIONS_URL", schemes=("http", "https"), default=f"{COMPTEXPERT_ISSUER}/"
)
