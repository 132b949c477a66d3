/** Whether this is a Mac, where ⌘ stands for Ctrl. */
export const onMac = /mac/i.test(navigator.platform);
