// Who may use a route.

/** Who may use a route. */
export type Allow =
  | { readonly kind: "public" }
  /** Those for whom all that is set fits. */
  | {
      readonly kind: "callers";
      /** The token must have every one of these, sorted. */
      readonly scopes: readonly string[];
      /** No token is asked for, because `certificates` says who calls; `scopes` is empty then. */
      readonly withoutToken?: boolean | undefined;
      /** By claim, which must fit. */
      readonly claims?: Readonly<Record<string, ClaimRule>> | undefined;
      /**
       * The client's certificate must have one of these as a URI or DNS name, sorted; a
       * `*.` at the beginning stands for one label.
       */
      readonly certificates?: readonly string[] | undefined;
      /** The client's address must be in one of these: CIDR, sorted. */
      readonly addresses?: readonly string[] | undefined;
    };

/** What a claim must be: there at all, or one of these texts, or a list that holds one. */
export type ClaimRule = "present" | readonly string[];
