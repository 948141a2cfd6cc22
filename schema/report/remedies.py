"""What to do about each kind of error, when the rule that found it knows nothing more specific."""

from __future__ import annotations

from schema.report.errors import ErrorCode

REMEDIES: dict[ErrorCode, str] = {
    ErrorCode.AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE: (
        "Put it on the object types that implement the interface, or on their fields: the "
        "interface then requires the same."
    ),
    ErrorCode.CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS: (
        "Take the argument from a context in every subgraph, or make it nullable where it is not."
    ),
    ErrorCode.CONTEXT_INVALID_SELECTION: (
        "Select one field of the argument's type, or one fragment for each object type that sets the context."
    ),
    ErrorCode.CONTEXT_NAME_INVALID: "Use letters and digits only, starting with a letter.",
    ErrorCode.CONTEXT_NOT_SET: (
        "Set the context with @context(name:) on a type above the field, and take arguments "
        "of object types' fields from it."
    ),
    ErrorCode.CONTEXT_NO_RESOLVABLE_KEY: "Give the type a @key that this subgraph can resolve.",
    ErrorCode.COST_APPLIED_TO_INTERFACE_FIELD: (
        "Put @cost on the fields of the object types that implement the interface."
    ),
    ErrorCode.DIRECTIVE_COMPOSITION_ERROR: (
        "Link one version of the directive's specification under one name in all subgraphs that compose it."
    ),
    ErrorCode.DIRECTIVE_DEFINITION_INVALID: (
        "Remove the definition (linking the specification defines it), or make it match."
    ),
    ErrorCode.EMPTY_MERGED_ENUM_TYPE: "Have at least one value in common.",
    ErrorCode.EMPTY_MERGED_INPUT_TYPE: "Have at least one field in common.",
    ErrorCode.ENUM_VALUE_MISMATCH: (
        "Add the value everywhere, or mark it @inaccessible until all subgraphs have it."
    ),
    ErrorCode.EXTENSION_WITH_NO_BASE: (
        'Define the type in one subgraph: write "type" instead of "extend type".'
    ),
    ErrorCode.EXTERNAL_ARGUMENT_DEFAULT_MISMATCH: "Give the external field's argument the same default.",
    ErrorCode.EXTERNAL_ARGUMENT_MISSING: "Declare the argument on the external field too.",
    ErrorCode.EXTERNAL_ARGUMENT_TYPE_MISMATCH: "Give the external field's argument the same type.",
    ErrorCode.EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE: (
        "Remove one of the two: an external field is resolved elsewhere, so it provides nothing here."
    ),
    ErrorCode.EXTERNAL_MISSING_ON_BASE: "Resolve the field in one subgraph: remove @external there.",
    ErrorCode.EXTERNAL_ON_INTERFACE: (
        "Remove @external from the interface; mark the fields of the object types instead."
    ),
    ErrorCode.EXTERNAL_TYPE_MISMATCH: "Give the external field the type it has where it is resolved.",
    ErrorCode.EXTERNAL_UNUSED: "Remove the field, or remove @external if this subgraph resolves it.",
    ErrorCode.FIELD_ARGUMENT_DEFAULT_MISMATCH: "Use one default everywhere.",
    ErrorCode.FIELD_ARGUMENT_TYPE_MISMATCH: "Use one type everywhere; only whether it is null may differ.",
    ErrorCode.FIELD_TYPE_MISMATCH: (
        "Use one type everywhere, or types of which one is a subtype of the other."
    ),
    ErrorCode.INPUT_FIELD_DEFAULT_MISMATCH: "Use one default everywhere.",
    ErrorCode.INTERFACE_FIELD_NO_IMPLEM: "Add the field to the type, in a subgraph that can resolve it.",
    ErrorCode.INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE: (
        "Define the missing types here and let them implement the interface."
    ),
    ErrorCode.INTERFACE_KEY_NOT_ON_IMPLEMENTATION: (
        "Add the same @key to every type that implements the interface."
    ),
    ErrorCode.INTERFACE_OBJECT_USAGE_ERROR: (
        "Define the interface, with its @key, in one subgraph, and only an object for it in the others."
    ),
    ErrorCode.INVALID_FIELD_SHARING: (
        "Mark the field @shareable wherever it is resolved, move it with @override, or "
        "resolve it in one subgraph only."
    ),
    ErrorCode.INVALID_LINK_DIRECTIVE_USAGE: (
        'Import what the specification defines, and rename with "as" what clashes.'
    ),
    ErrorCode.INVALID_LINK_IDENTIFIER: (
        'Use the URL of a specification\'s version, like "https://specs.apollo.dev/federation/v2.12".'
    ),
    ErrorCode.INVALID_SHAREABLE_USAGE: "Put @shareable once, on object types or their fields.",
    ErrorCode.INVALID_SUBGRAPH_NAME: "Give every subgraph a name of its own.",
    ErrorCode.KEY_DIRECTIVE_IN_FIELDS_ARG: "Remove the directive from the key.",
    ErrorCode.KEY_FIELDS_HAS_ARGS: "Make the key of fields without arguments.",
    ErrorCode.KEY_FIELDS_SELECT_INVALID_TYPE: "Make the key of scalars, enums and objects.",
    ErrorCode.KEY_INVALID_FIELDS: "Select fields that the type has in this subgraph.",
    ErrorCode.KEY_INVALID_FIELDS_TYPE: 'Write the fields as a string: "id".',
    ErrorCode.KEY_UNSUPPORTED_ON_INTERFACE: (
        "Link federation v2.3 or later, or remove the @key from the interface."
    ),
    ErrorCode.LINK_IMPORT_NAME_MISMATCH: "Import the directive under one name in all subgraphs that use it.",
    ErrorCode.LIST_SIZE_APPLIED_TO_NON_LIST: "Put @listSize on fields that return lists.",
    ErrorCode.LIST_SIZE_INVALID_ASSUMED_SIZE: "Assume a size of zero or more.",
    ErrorCode.LIST_SIZE_INVALID_SIZED_FIELD: "Name list fields of the type the field returns.",
    ErrorCode.LIST_SIZE_INVALID_SLICING_ARGUMENT: "Name arguments of the field, of type Int.",
    ErrorCode.MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL: "Apply the directive where the field is resolved.",
    ErrorCode.MISSING_TRANSITIVE_AUTH_REQUIREMENTS: "Repeat on the field what reading the other one takes.",
    ErrorCode.NO_CONTEXT_IN_SELECTION: 'Start with the context\'s name: "$name { field }".',
    ErrorCode.NO_QUERIES: "Add a field to the Query type of one subgraph.",
    ErrorCode.OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE: (
        "Remove the other directive before moving the field."
    ),
    ErrorCode.OVERRIDE_FROM_SELF_ERROR: "Name the subgraph the field moves away from.",
    ErrorCode.OVERRIDE_LABEL_INVALID: 'Use a name like "checkout-v2", or a share like "percent(25)".',
    ErrorCode.OVERRIDE_ON_INTERFACE: "Move the fields of the object types that implement the interface.",
    ErrorCode.OVERRIDE_SOURCE_HAS_OVERRIDE: (
        "Remove the @override in the subgraph the field moves away from."
    ),
    ErrorCode.PROVIDES_DIRECTIVE_IN_FIELDS_ARG: "Remove the directive from the selection.",
    ErrorCode.PROVIDES_FIELDS_HAS_ARGS: "Provide fields without arguments only.",
    ErrorCode.PROVIDES_FIELDS_MISSING_EXTERNAL: "Mark the field @external, or leave it out of @provides.",
    ErrorCode.PROVIDES_INVALID_FIELDS: "Select fields that the field's type has in this subgraph.",
    ErrorCode.PROVIDES_INVALID_FIELDS_TYPE: 'Write the fields as a string: "name".',
    ErrorCode.PROVIDES_ON_NON_OBJECT_FIELD: (
        "Put @provides on fields that return objects, interfaces or unions."
    ),
    ErrorCode.PROVIDES_UNSUPPORTED_ON_INTERFACE: (
        "Put @provides on the fields of the object types that implement the interface."
    ),
    ErrorCode.REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH: (
        "Add the argument everywhere, or make it optional."
    ),
    ErrorCode.REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH: (
        "Add the field everywhere, or make it optional."
    ),
    ErrorCode.REQUIRES_DIRECTIVE_IN_FIELDS_ARG: "Remove the directive from the selection.",
    ErrorCode.REQUIRES_FIELDS_MISSING_EXTERNAL: (
        "Mark the field @external if another subgraph resolves it, or leave it out of @requires."
    ),
    ErrorCode.REQUIRES_INVALID_FIELDS: "Select fields that the type has, marked @external here.",
    ErrorCode.REQUIRES_INVALID_FIELDS_TYPE: 'Write the fields as a string: "name".',
    ErrorCode.REQUIRES_UNSUPPORTED_ON_INTERFACE: (
        "Put @requires on the fields of the object types that implement the interface."
    ),
    ErrorCode.ROOT_MUTATION_USED: "Rename the other type, or make it the root.",
    ErrorCode.ROOT_QUERY_USED: "Rename the other type, or make it the root.",
    ErrorCode.ROOT_SUBSCRIPTION_USED: "Rename the other type, or make it the root.",
    ErrorCode.TYPE_DEFINITION_INVALID: (
        "Remove the definition (linking the specification defines it), or make it match."
    ),
    ErrorCode.TYPE_KIND_MISMATCH: "Make it the same kind everywhere, or rename one of the two.",
    ErrorCode.TYPE_WITH_ONLY_UNUSED_EXTERNAL: "Remove the type, or make this subgraph federation 2.",
    ErrorCode.UNKNOWN_FEDERATION_LINK_VERSION: "Link a version that is known.",
    ErrorCode.UNKNOWN_LINK_VERSION: 'Link "https://specs.apollo.dev/link/v1.0".',
    ErrorCode.UNSUPPORTED_FEATURE: "Serve that data from a subgraph of its own.",
}
"""Codes that are not here say in their message what to do, or leave no choice."""
